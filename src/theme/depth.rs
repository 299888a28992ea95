//! How many colours the terminal can show: what the user says, else what its environment does.

/// How many colours the terminal shows; more come later in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None; bold and reversed cells are left.
    Mono,
    /// The sixteen that the user's own palette defines.
    Ansi16,
    /// The 256 of the xterm palette.
    Indexed,
    /// All 24 bits.
    Rgb,
}

/// What the user said about colour, `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// As the environment says.
    #[default]
    Auto,
    /// No colour at all.
    Never,
    /// The sixteen colours.
    Ansi16,
    /// The 256 colours.
    Indexed,
    /// 24 bits.
    Rgb,
}

impl ColorChoice {
    /// Every choice, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Never, Self::Ansi16, Self::Indexed, Self::Rgb];

    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Never => "never",
            Self::Ansi16 => "16",
            Self::Indexed => "256",
            Self::Rgb => "rgb",
        }
    }

    /// The choice of that word, if it is one.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == word)
    }
}

impl Depth {
    /// The depth to draw in: the user's choice, else `NO_COLOR`, `COLORTERM` and `TERM`, asked of `env` in that order.
    pub fn detect(choice: ColorChoice, env: &dyn Fn(&str) -> Option<String>) -> Self {
        match choice {
            ColorChoice::Auto => Self::of_environment(env),
            ColorChoice::Never => Self::Mono,
            ColorChoice::Ansi16 => Self::Ansi16,
            ColorChoice::Indexed => Self::Indexed,
            ColorChoice::Rgb => Self::Rgb,
        }
    }

    fn of_environment(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| env(name).unwrap_or_default();
        let term = value("TERM");
        if !value("NO_COLOR").is_empty() || term == "dumb" {
            Self::Mono
        } else if matches!(value("COLORTERM").as_str(), "truecolor" | "24bit") {
            // The only sign of 24 bits that is believed, so tmux and screen get them only if they say so themselves.
            Self::Rgb
        } else if term.ends_with("-256color") {
            Self::Indexed
        } else {
            Self::Ansi16
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_string())
    }

    fn detected(pairs: &'static [(&'static str, &'static str)]) -> Depth {
        Depth::detect(ColorChoice::Auto, &environment(pairs))
    }

    #[test]
    fn the_environment_says_the_depth() {
        assert_eq!(detected(&[]), Depth::Ansi16);
        assert_eq!(detected(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(detected(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::Rgb);
        assert_eq!(detected(&[("TERM", "tmux-256color"), ("TMUX", "x")]), Depth::Indexed);
        assert_eq!(detected(&[("TERM", "screen-256color"), ("COLORTERM", "24bit")]), Depth::Rgb);
        assert_eq!(detected(&[("TERM", "linux")]), Depth::Ansi16);
        assert_eq!(detected(&[("TERM", "dumb")]), Depth::Mono);
        assert_eq!(detected(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), Depth::Mono);
        assert_eq!(detected(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")]), Depth::Rgb);
    }

    #[test]
    fn the_users_choice_wins_over_the_environment() {
        let env = environment(&[("NO_COLOR", "1")]);
        assert_eq!(Depth::detect(ColorChoice::Rgb, &env), Depth::Rgb);
        assert_eq!(Depth::detect(ColorChoice::Never, &environment(&[("COLORTERM", "24bit")])), Depth::Mono);
        for choice in ColorChoice::ALL {
            assert_eq!(ColorChoice::named(choice.name()), Some(choice));
        }
        assert_eq!(ColorChoice::named("many"), None);
    }
}
