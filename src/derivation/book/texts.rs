//! The files of the book, in the order in which it is read.

macro_rules! texts {
    ($($file:literal)*) => {
        /// Name and text of each file.
        pub(super) const TEXTS: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../../assets/book/en/", $file, ".md")))),*];
    };
}

texts! {
    "1.1-forward"
    "1.2-cost"
    "1.3-update"
    "2.1-chain-rule"
    "2.2-weight"
    "2.3-unit"
    "2.4-output"
    "2.5-hidden"
    "2.6-penalty"
    "3.1-algorithm"
    "3.2-softmax"
    "3.2-outputs"
    "3.2-activations"
    "3.2-penalties"
    "3.2-start"
    "3.2-optimisers"
    "3.2-dropout"
    "3.2-recurrent"
    "3.2-gru"
    "3.2-lstm"
    "example"
    "indices"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_in_the_book() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/book/en");
        let files =
            fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").file_name());
        let files: BTreeSet<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
        let table: BTreeSet<String> = TEXTS.iter().map(|(name, _)| format!("{name}.md")).collect();
        assert_eq!(files, table);
    }
}
