//! Weights kept in files and used again: bit for bit in every format, from other programs, on new data, by the built program.

mod scratch;

use std::fs;
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{self, Extra, SequenceParts, Source, Task};
use deltascope::nn::recurrent::{OutputSteps, Recurrent};
use deltascope::nn::{Activation, Cell, Network, Output};
use deltascope::train::{Config, DenseTrainer};
use deltascope::weights::{About, FORMATS, Flags, Kind, WeightFile};
use ndarray::Array2;
use scratch::Scratch;

/// What is said of a recurrent network and of the sequences that it learnt.
fn about(network: &Recurrent<f64>, sequences: &Arc<Sequences>) -> About {
    let data = SequenceParts::from(Arc::clone(sequences)).into();
    About::of(&network.clone().into(), &data, ("the command".into(), 7))
}

fn run(words: &[&str]) -> process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.args(words).stdin(Stdio::null()).output().expect("the program starts")
}

/// What a run that ends well prints on stdout and on stderr.
#[track_caller]
fn printed(words: &[&str]) -> (String, String) {
    let output = run(words);
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("it is UTF-8"));
    assert_eq!(output.status.code(), Some(0), "{words:?}: {stderr}");
    (stdout, stderr)
}

#[track_caller]
fn refused(words: &[&str], mention: &str) {
    let output = run(words);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|status| status == 1 || status == 2), "{words:?}");
    assert!(told.contains(mention) && told.lines().count() == 1, "{words:?}: {told}");
}

fn trained(config: Config, steps: usize) -> DenseTrainer<f64> {
    let dataset = data::load(&config.source).unwrap_or_else(|error| panic!("{error}"));
    let data = data::prepare(Arc::new(dataset), &config.preparation()).expect("it is finite");
    let mut trainer = DenseTrainer::new(Arc::new(config), Arc::new(data)).expect("the options fit the data");
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer
}

#[test]
fn what_is_read_is_what_was_written_in_every_format() {
    let scratch = Scratch::new();
    let tasks = [
        Config {
            layers: vec![5, 3],
            activation: vec![Activation::Tanh, Activation::Gelu],
            source: Source::named("iris"),
            ..Config::default()
        },
        Config { layers: Vec::new(), ..Config::default() },
        Config {
            source: Source {
                task: Some(Task::Binary),
                extras: vec![Extra::Squares, Extra::Sines],
                ..Source::named("moons")
            },
            ..Config::default()
        },
    ];
    for (config, format) in tasks.iter().flat_map(|config| FORMATS.iter().map(move |format| (config, format))) {
        let mut trainer = trained(config.clone(), 7);
        let snapshot = trainer.snapshot(None);
        let file = snapshot.weight_file(Path::new(&scratch.path(&format!("net.{}", format.ending))));
        file.write().expect("it can be written");
        let read = WeightFile::read(&file.path).unwrap_or_else(|error| panic!("{error}"));
        let bits = |file: &WeightFile| file.theta.iter().map(|theta| theta.mapv(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&file), "{}", format.what);
        assert_eq!(read, file, "{}", format.what);
        let about = read.about.as_ref().expect("it describes itself");
        let network = Network { theta: read.theta.clone(), hidden: about.hidden(), output: about.output() };
        let dense = snapshot.dense().expect("a dense net");
        let x = dense.data.train.x.view();
        let outputs = |network: &Network<f64>| network.forward(x).h().mapv(f64::to_bits);
        assert_eq!(outputs(&network), outputs(dense.network), "{}", format.what);
        assert_eq!(read.scalings(), Some((dense.data.scaling.clone(), dense.data.target_scaling.clone())));
    }
}

#[test]
fn a_recurrent_net_is_read_as_it_was_written_in_every_format() {
    let scratch = Scratch::new();
    for (name, cell) in [("remember", Cell::Gru), ("parity", Cell::Plain(Activation::Relu)), ("sine", Cell::Lstm)] {
        let sequences = Arc::new(Sequences::load(&Source::sequences(name, 6, 20)).expect("it is made"));
        let (inputs, outputs) = (sequences.inputs.len(), sequences.outputs.len());
        let rows = 3 * cell.gates().len();
        let filled = |rows: usize, columns: usize| {
            Array2::from_shape_fn((rows, columns), |(j, i)| (1.0 + 7.0 * j as f64 + i as f64).sin())
        };
        let theta =
            [filled(rows, 1 + inputs), filled(rows, 3 + usize::from(cell.has_second_bias())), filled(outputs, 4)];
        let network = Recurrent { cell, theta, output: sequences.usual_output(), reads: sequences.reads };
        let about = about(&network, &sequences);
        for format in &FORMATS {
            let path = scratch.path(&format!("net.{}", format.ending)).into();
            let theta = network.theta.to_vec();
            let file =
                WeightFile { path, kind: Kind::Recurrent, theta, about: Some(about.clone()), warnings: Vec::new() };
            file.write().expect("it can be written");
            let read = WeightFile::read(&file.path).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(read, file, "{}", format.what);
            assert_eq!(read.sizes(), [inputs, 3, outputs]);
            let about = read.about.as_ref().expect("it describes itself");
            let (cell, reads) = (about.cell().expect("a cell"), about.reads().expect("the steps"));
            assert_eq!(read.recurrent(cell, about.output(), reads).as_ref(), Some(&network), "{}", format.what);
            // Without the description the cell of a plain net has to be said.
            let alone = WeightFile { about: None, ..file };
            let outcome = alone.used(Flags::default(), sequences.task).map(|(_, computed)| computed.cell);
            match cell {
                Cell::Plain(_) => assert!(
                    outcome.expect_err("which").to_string().contains("--cell tanh, --cell sigmoid, --cell relu")
                ),
                cell => assert_eq!(outcome.expect("the gates say it"), Some(cell)),
            }
        }
    }
}

#[test]
fn the_words_about_the_rows_name_the_gates_and_older_ones_are_read_as_well() {
    let scratch = Scratch::new();
    let sequences = Arc::new(Sequences::load(&Source::sequences("remember", 6, 20)).expect("it is made"));
    let theta = [Array2::ones((9, 5)), Array2::ones((9, 4)), Array2::ones((4, 4))];
    let network = Recurrent { cell: Cell::Gru, theta, output: Output::Softmax, reads: OutputSteps::Last };
    let about = about(&network, &sequences);
    let words = "gru g^r, g^u, g^n with h_t = (1 - g^u) g^n + g^u h_{t-1}; lstm g^i, g^f, g^o, g^n";
    assert!(about.convention.contains(words), "{}", about.convention);
    let older = about.convention.replace(words, "gru r, u, n with h' = (1-u) n + u h; lstm i, f, o, n");
    for convention in [about.convention.clone(), older] {
        let about = Some(About { convention, ..about.clone() });
        let (path, theta) = (scratch.path("rows.npz").into(), network.theta.to_vec());
        let file = WeightFile { path, kind: Kind::Recurrent, theta, about, warnings: Vec::new() };
        file.write().expect("it can be written");
        let read = WeightFile::read(&file.path).expect("it can be read");
        assert_eq!((read.about, read.theta), (file.about, file.theta));
    }
}

#[test]
fn a_description_that_is_of_another_net_is_refused() {
    let scratch = Scratch::new();
    let sequences = Arc::new(Sequences::load(&Source::sequences("remember", 6, 20)).expect("it is made"));
    let theta = [Array2::ones((9, 5)), Array2::ones((9, 4)), Array2::ones((4, 4))];
    let network = Recurrent { cell: Cell::Gru, theta, output: Output::Softmax, reads: OutputSteps::Last };
    let about = about(&network, &sequences);
    let said = |text: &str| Some(text.to_string());
    for (wrong, mention) in [
        (
            About { cell: said("lstm"), ..about.clone() },
            "deltascope.cell: found lstm, expected gru, as Theta_h has gates",
        ),
        (About { cell: None, ..about.clone() }, "deltascope.cell: found nothing, expected gru"),
        (About { reads: said("first"), ..about.clone() }, "deltascope.reads: found first, expected every or last"),
        (
            About { hidden: vec!["tanh".into()], ..about.clone() },
            "deltascope.hidden: found tanh, expected the activations of 0",
        ),
        (
            About { names: vec!["A".into()], ..about.clone() },
            "deltascope.names: found 1 names, expected 4, as Theta_o has units",
        ),
        (
            About { features: Vec::new(), ..about.clone() },
            "deltascope.features: found 0 features, expected 4, as Theta_x has them",
        ),
    ] {
        let path = scratch.path("wrong.npz").into();
        let file = WeightFile {
            path,
            kind: Kind::Recurrent,
            theta: network.theta.to_vec(),
            about: Some(wrong),
            warnings: Vec::new(),
        };
        file.write().expect("it can be written");
        let told = WeightFile::read(&file.path).expect_err(mention).to_string();
        assert!(told.contains(mention), "{told}");
    }
    refused(&["predict", "--data=iris", "--weights", &scratch.path("wrong.npz")], "deltascope.features");
}

#[test]
fn a_run_goes_on_from_the_weights_of_another_one() {
    let scratch = Scratch::new();
    let file = scratch.path("iris.npz");
    let net = ["--headless", "--data=iris", "--layers=5", "--activation=tanh", "--no-shuffle"];
    let first = printed(&[&net[..], &["--epochs=4", "--save", &file]].concat()).0;
    // What the net is made of comes from the file.
    let second = printed(&["--headless", "--data=iris", "--no-shuffle", "--epochs=3", "--weights", &file]).0;
    let whole = printed(&[&net[..], &["--epochs=7"]].concat()).0;
    let costs = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split_once(" J ").expect("J").1.to_string()).collect()
    };
    assert_eq!([costs(&first), costs(&second)[1..].to_vec()].concat(), costs(&whole));
    refused(
        &["--headless", "--epochs=1", "--data=iris", "--layers=6", "--weights", &file],
        "Theta1: found the shape 5x5, expected 6x5 for a net of 4-6-3",
    );
    refused(
        &["--headless", "--epochs=1", "--weights", &file],
        "found the shape 5x5, expected 5x65 for a net of 64-5-10",
    );
    assert!(printed(&["check", "--data=iris", "--weights", &file]).0.contains("net 4-5-3"));
}

#[test]
fn the_scaler_the_names_and_the_order_of_features_travel_with_the_weights() {
    let scratch = Scratch::new();
    let weights = scratch.path("net.safetensors");
    let rows = ["1,10,red,a", "2,20,blue,b", "3,10,red,a", "4,30,blue,b", "5,10,red,b", "6,20,red,a"];
    let train = scratch.file("train.csv", &format!("u,v,c,y\n{}\n", rows.join("\n")));
    let net = ["--headless", "--text=one-hot", "--layers=3", "--epochs=30", "--test-split=0", "--data", &train];
    printed(&[&net[..], &["--save", &weights]].concat());
    let whole = printed(&["predict", "--weights", &weights, "--data", &train]).0;
    assert!(whole.starts_with("row,answer,h a,h b\n1,") && whole.lines().count() == 7, "{whole}");
    // Other columns, in another order, no labels; one row alone.
    let new = scratch.file("new.csv", "id,c,v,u\n7,blue,20,2\n");
    let (one, said) = printed(&["predict", "--weights", &weights, "--data", &new]);
    let expected = whole.lines().nth(2).expect("its row").replacen('2', "1", 1);
    assert_eq!((one.lines().nth(1), said.as_str()), (Some(expected.as_str()), ""));
    let json = printed(&["predict", "--weights", &weights, "--data", &new, "--format=json"]).0;
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let fields: Vec<&str> = expected.split(',').collect();
    assert_eq!(json["answer"], fields[1]);
    assert_eq!(json["h"][0].to_string(), fields[2]);
    for (name, content, mention) in [
        ("value.csv", "u,v,c\n1,10,green\n", "found the value c=green"),
        ("less.csv", "u,c\n1,red\n", "expected the feature v"),
        ("class.csv", "u,v,c,y\n1,10,red,a\n1,10,red,z\n", "found the class z"),
    ] {
        let path = scratch.file(name, content);
        let command = if name == "class.csv" { "evaluate" } else { "predict" };
        refused(&[command, "--weights", &weights, "--data", &path], mention);
    }
    let measured = printed(&["evaluate", "--weights", &weights, "--data", &train, "--format=json"]).0;
    let measured: serde_json::Value = serde_json::from_str(&measured).expect("it is JSON");
    let last = printed(&[&net[..], &["--format=json"]].concat()).0;
    let last: serde_json::Value = serde_json::from_str(last.lines().last().expect("lines")).expect("it is JSON");
    assert_eq!((&measured["cost"], &measured["accuracy"]), (&last["cost"]["data"], &last["train"]["accuracy"]));
    let counts = measured["confusion"].as_array().expect("rows");
    let right = (0..2).filter_map(|k| counts[k][k].as_u64()).sum::<u64>();
    assert_eq!(measured["accuracy"].as_f64(), Some(right as f64 / 6.0));
}

#[test]
fn numbers_are_predicted_in_their_own_unit_and_labels_by_name() {
    let scratch = Scratch::new();
    let houses = scratch.file("houses.csv", "size,price\n50,200\n80,310\n120,480\n65,250\n95,390\n30,120\n");
    let weights = scratch.path("net.mat");
    let fit = [
        "--headless",
        "--task=regression",
        "--layers=none",
        "--lambda=0",
        "--alpha=0.2",
        "--batch=full",
        "--test-split=0",
    ];
    printed(&[&fit[..], &["--epochs=300", "--data", &houses, "--save", &weights]].concat());
    let told = printed(&["predict", "--weights", &weights, "--data", &houses]).0;
    let prices: Vec<f64> =
        told.lines().skip(1).map(|line| line.split(',').nth(1).expect("two").parse().expect("a number")).collect();
    assert!(told.starts_with("row,price\n"));
    assert!(prices.iter().zip([200.0, 310.0, 480.0, 250.0, 390.0, 120.0]).all(|(h, y)| (h - y).abs() < 15.0), "{told}");
    let measured = printed(&["evaluate", "--weights", &weights, "--data", &houses]).0;
    assert!(measured.starts_with("samples,cost,r2,rmse\n6,"), "{measured}");
    let labels = scratch.file("labels.csv", "a,wide,tall\n0,0,1\n1,0,1\n2,1,1\n3,1,0\n");
    let weights = scratch.path("labels.npz");
    let net =
        ["--headless", "--task=labels", "--target=wide,tall", "--layers=4", "--alpha=3", "--lambda=0", "--batch=full"];
    printed(&[&net[..], &["--test-split=0", "--epochs=3000", "--data", &labels, "--save", &weights]].concat());
    let told = printed(&["predict", "--weights", &weights, "--data", &labels]).0;
    let answers: Vec<&str> = told.lines().map(|line| line.split(',').nth(1).expect("several")).collect();
    assert_eq!(answers, ["answer", "tall", "tall", "wide tall", "wide"]);
}

#[test]
fn weights_of_other_programs_are_used_as_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badinputs");
    let path = |name: &str| folder.join(name).to_str().expect("it is UTF-8").to_string();
    let data = path("csv/csv_control.csv");
    let (own, said) = printed(&[
        "predict",
        "--weights",
        &path("safetensors/st_control.safetensors"),
        "--data",
        &data,
        "--target=species",
    ]);
    assert!(said.contains("warning: ") && said.contains("has no scaler"), "{said}");
    assert!(own.starts_with("row,answer,h 1,h 2,h 3\n"), "{own}");
    // Linear layers as PyTorch names them: weight, out × in, and bias apart.
    let file = WeightFile::read(&folder.join("safetensors/st_pytorch_names.safetensors"))
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((file.sizes(), file.about), (vec![2, 4, 3], None));
}

#[test]
fn what_can_not_be_written_to_is_said_before_the_training_and_after_it() {
    let scratch = Scratch::new();
    let folder = scratch.path("folder.npz");
    fs::create_dir(&folder).expect("a folder can be made");
    for (path, mention) in [
        (folder.clone(), "directory"),
        (scratch.path("no/such/dir/out.npz"), "No such file or directory"),
        (scratch.path("out.ckpt"), ".safetensors, .npz, .mat"),
    ] {
        refused(&["--headless", "--data=xor", "--epochs=1", "--save", &path], mention);
    }
    #[cfg(target_os = "linux")]
    {
        std::os::unix::fs::symlink("/dev/full", scratch.path("full.npz")).expect("a link can be made");
        refused(&["--headless", "--data=xor", "--epochs=1", "--save", &scratch.path("full.npz")], "space");
        assert!(fs::metadata("/dev/full").is_ok_and(|metadata| !metadata.is_file()), "the device is still one");
    }
    assert_eq!(fs::read_dir(&folder).expect("it is still there").count(), 0);
    let there = fs::read_dir(scratch.path(".")).expect("it is there").flatten();
    let names: Vec<String> = there.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| ["folder.npz", "full.npz"].contains(&name.as_str())), "{names:?}");
}

#[test]
fn names_from_a_file_are_printed_without_their_control_characters() {
    let scratch = Scratch::new();
    let rows: String =
        (0..20).map(|row| format!("{row},\"{}\u{1b}[31m\u{7}\u{9b}\u{7f}\"\n", ["p", "q"][row % 2])).collect();
    let data = scratch.file("e.csv", &format!("a,y\n{rows}"));
    let weights = scratch.path("e.npz");
    printed(&["--headless", "--data", &data, "--epochs", "1", "--save", &weights]);
    let with = ["--weights", &weights, "--data", &data];
    for words in [&["predict"][..], &["predict", "--format", "json"], &["evaluate"], &["evaluate", "--format", "json"]]
    {
        let (stdout, _) = printed(&[words, &with[..]].concat());
        assert!(stdout.chars().all(|c| c == '\n' || !c.is_control()), "{words:?}: {stdout:?}");
        // JSON says the same name, whole.
        let first = stdout.lines().next().expect("a line");
        let class = |json: &serde_json::Value| json["answer"].as_str().map(str::to_string);
        let name = serde_json::from_str::<serde_json::Value>(first).ok().and_then(|json| class(&json));
        assert!(name.is_none_or(|name| name.ends_with("\u{1b}[31m\u{7}\u{9b}\u{7f}")), "{first}");
    }
    let (script, _) = printed(&["export", "pytorch", "--data", &data, "--epochs", "1", "-"]);
    assert!(script.chars().all(|c| c == '\n' || !c.is_control()), "{script:?}");
}
