//! Which background a terminal has: what the user says, else what its environment does; the terminal itself is not asked.

use crate::nn::Named;

/// What the user said about the background, `--theme`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// As the environment says.
    #[default]
    Auto,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Named for Background {
    const ALL: &'static [Self] = &[Self::Auto, Self::Dark, Self::Light];

    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

impl Background {
    /// Whether it is dark: the user's choice, else `COLORFGBG`, asked of `env`; dark where nothing says otherwise.
    pub fn is_dark(self, env: &dyn Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Dark => true,
            Self::Light => false,
            Self::Auto => !env("COLORFGBG").is_some_and(|colors| is_light(&colors)),
        }
    }
}

/// Whether the background of `COLORFGBG`, its last field, is a light one of the sixteen: white, or a bright colour other than dark grey.
/// It is `foreground;background` or has a field between them; `default` is none of the sixteen.
fn is_light(colors: &str) -> bool {
    let background = colors.rsplit(';').next().and_then(|field| field.trim().parse::<u8>().ok());
    matches!(background, Some(7 | 9..=15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_field_of_colorfgbg_says_what_the_background_is() {
        let is_dark =
            |colors: &str| Background::Auto.is_dark(&|name| (name == "COLORFGBG").then(|| colors.to_string()));
        for light in ["0;15", "0;7", "0;default;15", "12;11", "15"] {
            assert!(!is_dark(light), "{light}");
        }
        for dark in ["15;0", "7;0", "15;default;0", "0;8", "default;default", "", ";", "0;16", "0;-7", "white", "15;"] {
            assert!(is_dark(dark), "{dark}");
        }
        assert!(Background::Auto.is_dark(&|_| None), "nothing says otherwise");
    }

    #[test]
    fn what_the_user_says_wins() {
        let env = |_: &str| Some("0;15".to_string());
        assert!(Background::Dark.is_dark(&env) && !Background::Light.is_dark(&|_| None));
    }
}
