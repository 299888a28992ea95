//! Small files that claim much, or are packed to become much: each is answered in memory that its size bounds.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use deltascope::data::{self, Reading, Source, Task};
use deltascope::weights::WeightFile;
use zip::write::SimpleFileOptions;

use crate::held;

/// Bytes that any file may take, and for each byte of it.
const ROOM: (usize, usize) = (192 << 20, 2 << 10);

/// A folder of a test's own, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deltascope-bounds-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is said of a file, which must be refused, or loaded, in the memory that its size allows.
#[track_caller]
fn answer(source: &Source) -> String {
    let size = fs::metadata(&source.name).expect("it is there").len() as usize;
    let mut said = String::new();
    let held = held(|| match data::load(source) {
        Ok(dataset) => said = format!("{} rows", dataset.x.nrows()),
        Err(error) => said = error.to_string(),
    });
    assert!(held <= (ROOM.0 + ROOM.1 * size) as i64, "{held} bytes for a file of {size}: {said}");
    said
}

#[track_caller]
fn refused(source: &Source, mention: &str) {
    let said = answer(source);
    assert!(said.contains(mention), "{said}");
}

/// The bytes of an array that says it has this type and shape.
fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// An archive of packed arrays.
fn npz(arrays: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), SimpleFileOptions::default()).expect("a name of its own");
        archive.write_all(bytes).expect("a vector takes all");
    }
    archive.finish().expect("a vector takes all").into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("a vector takes all")
}

/// A variable of a MATLAB 5 file of this shape and without an entry.
fn variable(name: u8, rows: u32, columns: u32) -> Vec<u8> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let name = [&words(&[1, 1])[..], &[name, 0, 0, 0, 0, 0, 0, 0]].concat();
    let body = [words(&[6, 8, 6, 0]), words(&[5, 8, rows, columns]), name, words(&[9, 0])].concat();
    [words(&[14, body.len() as u32]), body].concat()
}

#[test]
fn arrays_without_an_entry_may_claim_any_shape() {
    let scratch = Scratch::new("empty");
    let y = scratch.file("y.npy", &npy("|u1", "(2,)", &[0, 1]));
    let two = scratch.file("two.npy", &npy("|u1", "(2, 1)", &[5, 6]));
    for (name, shape) in [
        ("wide", "(0, 4000000000)"),
        ("pictures", "(0, 1000000, 1000000)"),
        ("large_pictures", "(0, 1099511627776, 1099511627776)"),
        ("tall", "(18446744073709551615, 0)"),
    ] {
        let file = scratch.file(&format!("{name}.npy"), &npy("|u1", shape, &[]));
        refused(&Source { labels: Some(y.clone()), ..Source::named(&file) }, "expected");
        let labels = Source { labels: Some(file), task: Some(Task::Regression), ..Source::named(&two) };
        refused(&labels, "expected");
        let x = npy("|u1", shape, &[]);
        refused(&Source::named(scratch.file(&format!("{name}.npz"), &npz(&[("X", &x), ("y", &x)]))), "expected");
        let weights = scratch.file("weights.npz", &npz(&[("Theta1", &x)]));
        assert!(held(|| assert!(WeightFile::read(&weights).is_err())) < 1 << 20);
    }
    let head = [&b"MATLAB 5.0 MAT-file"[..], &[b' '; 105], &[0, 1, b'I', b'M']].concat();
    let most = i32::MAX as u32;
    for (name, x, y) in [
        ("wide", variable(b'X', 0, most), variable(b'y', 0, 1)),
        ("labels", variable(b'X', 0, 1), variable(b'y', 0, most)),
    ] {
        let file = scratch.file(&format!("{name}.mat"), &[head.clone(), x, y].concat());
        refused(&Source { task: Some(Task::Regression), ..Source::named(&file) }, "expected");
    }
}

#[test]
fn what_is_packed_too_well_is_not_unpacked() {
    let scratch = Scratch::new("packed");
    let much = vec![0; 40 << 20];
    let bytes = npy("|u1", "(41943040, 1)", &much);
    let words = npy("|S1", "(41943040,)", &vec![b'a'; 40 << 20]);
    refused(&Source::named(scratch.file("much.npz", &npz(&[("X", &bytes), ("y", &words)]))), "unpacked");
    refused(
        &Source::named(scratch.file("words.npz", &npz(&[("X", &npy("|u1", "(1, 1)", &[1])), ("y", &words)]))),
        "unpacked",
    );
    refused(&Source::named(scratch.file("much.csv.gz", &gzip(&much))), "unpacked");
    // Twice packed is no way around it.
    let twice = gzip(&npz(&[("X", &bytes), ("y", &words)]));
    refused(&Source::named(scratch.file("twice.npz.gz", &twice)), "unpacked");
    // What fits may not be all columns either, since each has a name.
    let (wide, two) = (npy("|u1", "(1, 4000000)", &much[..4_000_000]), npy("|u1", "(2, 2000000)", &much[..4_000_000]));
    refused(
        &Source::named(scratch.file("wide.npz", &npz(&[("X", &wide), ("y", &npy("|u1", "(1,)", &[1]))]))),
        "at most",
    );
    let labels = scratch.file("labels.npz", &npz(&[("X", &npy("|u1", "(2, 1)", &[1, 2])), ("y", &two)]));
    refused(&Source { task: Some(Task::Regression), ..Source::named(&labels) }, "at most");
    let fits =
        npz(&[("X", &npy("|u1", "(100000, 1)", &much[..100_000])), ("y", &npy("|S1", "(100000,)", &[b'a'; 100_000]))]);
    refused(&Source::named(scratch.file("fits.npz", &fits)), "one class only");
}

#[test]
fn no_part_of_an_archive_is_unpacked_again_and_again() {
    let scratch = Scratch::new("again");
    let much = npy("|u1", "(8000000, 1)", &vec![0; 8_000_000]);
    let names: Vec<String> = (1..100).map(|number| format!("Theta{number}")).collect();
    let all: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), much.as_slice())).collect();
    let weights = scratch.file("again.npz", &npz(&all));
    let held = held(|| {
        let error = WeightFile::read(&weights).expect_err("800 MB of 800 kB");
        assert!(error.to_string().contains("unpacked"), "{error}");
    });
    assert!(held < 1 << 30, "{held}");
}

#[test]
fn text_that_stands_for_many_numbers_has_a_bound() {
    let scratch = Scratch::new("text");
    // One number of each row is written, and as many as there are rows are meant.
    let rows: Vec<String> = (0..999).map(|row| vec![format!("{row}a"); 60].join(",") + ",k\n").collect();
    let header = (0..60).map(|column| format!("c{column},")).collect::<String>();
    let reading = Reading { one_hot: true, ..Reading::default() };
    let many = scratch.file("many.csv", format!("{header}y\n{}{}", rows.concat(), rows.concat()).as_bytes());
    refused(&Source { reading, ..Source::named(&many) }, "at most");
    let rows = "1 1:1\n".repeat(10_000);
    // The first was found by fuzzing: its half a million columns took ten seconds.
    for text in ["1991 qid:1:0.5\n-1 529491:0.99", "1 67000000:1\n2 1:1\n", &format!("1 60000000:1\n{rows}")] {
        refused(&Source::named(scratch.file("wide.svm", text.as_bytes())), "too large");
    }
}

#[test]
fn many_names_are_looked_up_and_not_compared_with_each_other() {
    // Each with each other these would be some 10^11 comparisons.
    let scratch = Scratch::new("names");
    let header: String = (0..400_000).map(|column| format!("c{column},")).collect();
    let row = "1,".repeat(400_000);
    let file = scratch.file("names.csv", format!("{header}y\n{row}a\n{row}b\n").as_bytes());
    assert_eq!(answer(&Source::named(&file)), "2 rows");
    let read = |called: &str, count: usize| {
        let file = scratch.file("names.safetensors", &layers(called, count));
        WeightFile::read(&file).map(|kept| kept.theta.len()).map_err(|error| error.to_string())
    };
    assert_eq!(read("Theta{}", 60_000), Ok(60_000));
    // Of linear layers fewer are read; they are counted when each weight has found its bias.
    assert_eq!(read("l{}.weight l{}.bias", 1_001), Ok(1_001));
    let refusal = read("l{}.weight l{}.bias", 60_000).expect_err("too many");
    assert!(refusal.contains("60000 layers"), "{refusal}");
    let refusal = read("l{}.bias l{}x.weight", 60_000).expect_err("no weight has its bias");
    assert!(refusal.contains("a bias for each weight"), "{refusal}");
}

/// The bytes of weights of so many layers of one unit each; the matrices of a layer are called so.
fn layers(called: &str, count: usize) -> Vec<u8> {
    let (mut header, mut end) = (Vec::new(), 0);
    for layer in 1..=count {
        for name in called.replace("{}", &layer.to_string()).split(' ') {
            let (shape, size) = match name.rsplit('.').next() {
                Some("weight") => ("1,1", 4),
                Some("bias") => ("1", 4),
                _ => ("1,2", 8),
            };
            let offsets = format!("{end},{}", end + size);
            header.push(format!("\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{shape}],\"data_offsets\":[{offsets}]}}"));
            end += size;
        }
    }
    let header = format!("{{{}}}", header.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; end]].concat()
}
