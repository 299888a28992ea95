//! What files of other programs hold beside linear and recurrent layers: it is refused by its kind and name, since a net without it computes other numbers.

use std::collections::BTreeMap;

use ndarray::Array2;

use super::entry::FileEntry;
use crate::data::file::File;
use crate::error::{Error, printable};

/// A kind of part that is not read.
struct UnreadKind {
    /// What it is called.
    what: &'static str,
    /// Whether a module with these entries is one.
    is: fn(&Module) -> bool,
    /// What helps.
    remedy: &'static str,
}

/// The entries of a file under one name, as `bn1.weight` and `bn1.bias` are under `bn1`.
struct Module<'a> {
    name: &'a str,
    entries: Vec<&'a FileEntry>,
}

/// The remedy for a net of linear layers that also has one of these.
const TRAIN_WITHOUT: &str = "only linear layers are: train a net without it";
const SAVE_NET_ALONE: &str = "save the state_dict of the net alone";

/// All kinds; the first that holds is named.
const KINDS: [UnreadKind; 13] = [
    UnreadKind {
        what: "the state of an optimiser",
        is: |module| {
            const WORDS: [&str; 11] = [
                "optimizer",
                "optimizer_state_dict",
                "optim",
                "opt_state",
                "param_groups",
                "exp_avg",
                "exp_avg_sq",
                "max_exp_avg_sq",
                "momentum_buffer",
                "square_avg",
                "acc_delta",
            ];
            module.has_word(&WORDS)
        },
        remedy: SAVE_NET_ALONE,
    },
    UnreadKind {
        what: "a gradient",
        is: |module| module.has_word(&["grad", "grads", "gradient", "gradients"]),
        remedy: SAVE_NET_ALONE,
    },
    UnreadKind {
        what: "a running average of weights",
        is: |module| module.has_word(&["ema", "ema_model", "shadow", "swa", "swa_model", "n_averaged"]),
        remedy: SAVE_NET_ALONE,
    },
    UnreadKind {
        what: "batch normalisation",
        is: |module| {
            module.has(&["running_mean", "running_var", "num_batches_tracked", "moving_mean", "moving_variance"])
        },
        remedy: "fold it into the linear layer before it, or train a net without it",
    },
    UnreadKind {
        what: "a recurrent layer of Keras (recurrent_kernel)",
        is: |module| module.members().any(|member| member.starts_with("recurrent_")),
        remedy: "PyTorch's names are: the transposes of kernel and recurrent_kernel as weight_ih_l0 and weight_hh_l0, \
                 the gates in the order r, z, n or i, f, g, o",
    },
    UnreadKind {
        what: "attention",
        is: |module| {
            let words =
                ["attn", "self_attn", "attention", "q_proj", "k_proj", "v_proj", "in_proj_weight", "in_proj_bias"];
            module.has_word(&words)
        },
        remedy: TRAIN_WITHOUT,
    },
    UnreadKind {
        what: "an adapter (LoRA)",
        is: |module| module.has_word(&["lora_A", "lora_B", "lora_down", "lora_up"]),
        remedy: "merge it into its layer, then save the net",
    },
    UnreadKind {
        what: "a weight that is made of several (weight_norm, spectral_norm, pruning)",
        is: |module| {
            module.has_word(&["parametrizations", "weight_g", "weight_v", "weight_u", "weight_orig", "weight_mask"])
        },
        remedy: "remove the parametrisation (remove_parametrizations, prune.remove), then save the net",
    },
    UnreadKind {
        what: "a quantised layer",
        is: |module| {
            module.has(&[
                "qweight",
                "qzeros",
                "scales",
                "weight_scale",
                "zero_point",
                "_packed_params",
                "weight_packed",
            ])
        },
        remedy: "save the net in floating point",
    },
    UnreadKind {
        what: "convolution",
        is: |module| {
            let is_large = |entry: &&FileEntry| ["weight", "kernel"].contains(&entry.member()) && entry.dimensions >= 3;
            module.entries.iter().any(is_large)
        },
        remedy: TRAIN_WITHOUT,
    },
    UnreadKind {
        what: "an embedding",
        is: |module| {
            // A linear layer that embeds has a bias.
            let is_called = |word: &str| ["embed", "emb", "wte", "wpe", "embedding", "embeddings"].contains(&word);
            let is_named =
                |word: &str| is_called(word) || word.ends_with("_embedding") || word.ends_with("_embeddings");
            !module.has(&["bias"]) && module.words().any(is_named)
        },
        remedy: TRAIN_WITHOUT,
    },
    UnreadKind {
        what: "layer normalisation",
        is: |module| {
            let length = |members: [&str; 2]| {
                let mut vectors = module.entries.iter().filter(|entry| entry.dimensions == 1);
                vectors.find(|entry| members.contains(&entry.member()))?.numbers().map(Array2::len)
            };
            let scale = length(["weight", "gamma"]);
            scale.is_some() && scale == length(["bias", "beta"])
        },
        remedy: TRAIN_WITHOUT,
    },
    UnreadKind {
        what: "a weight of one dimension (PReLU, RMSNorm)",
        is: |module| {
            module.entries.iter().any(|entry| entry.dimensions == 1 && ["weight", "gamma"].contains(&entry.member()))
        },
        remedy: TRAIN_WITHOUT,
    },
];

impl<'a> Module<'a> {
    fn members(&self) -> impl Iterator<Item = &'a str> {
        self.entries.iter().map(|entry| entry.member())
    }

    /// The words that its name and its entries' are made of.
    fn words(&self) -> impl Iterator<Item = &'a str> {
        self.name.split(['.', '/']).chain(self.members())
    }

    /// What it is called as one of a kind, with the dimensions of a weight that has more than two.
    fn called(&self, kind: &UnreadKind) -> String {
        match self.entries.iter().map(|entry| entry.dimensions).max() {
            Some(dimensions) if dimensions > 2 => format!("{} (a weight of {dimensions} dimensions)", kind.what),
            _ => kind.what.into(),
        }
    }

    fn has(&self, members: &[&str]) -> bool {
        self.members().any(|member| members.contains(&member))
    }

    fn has_word(&self, words: &[&str]) -> bool {
        self.words().any(|word| words.contains(&word))
    }
}

/// The refusal of whatever is no linear layer by its kind, if there is such a thing.
pub(super) fn refusal(file: &File, entries: &[&FileEntry]) -> Option<Error> {
    let mut modules: BTreeMap<(&str, &str), Vec<&FileEntry>> = BTreeMap::new();
    for entry in entries {
        // What has no name before its own stands alone.
        let alone = if entry.module().is_empty() { entry.name.as_str() } else { "" };
        modules.entry((entry.module(), alone)).or_default().push(entry);
    }
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    let mut remedy = None;
    for ((name, alone), entries) in modules {
        let module = Module { name, entries };
        let Some(kind) = KINDS.iter().find(|kind| (kind.is)(&module)) else { continue };
        let name = if name.is_empty() { alone } else { name }.to_string();
        let what = module.called(kind);
        remedy.get_or_insert(kind.remedy);
        match told.iter_mut().find(|(other, _)| *other == what) {
            Some((_, names)) => names.push(name),
            None => told.push((what, vec![name])),
        }
    }
    let remedy = remedy?.into();
    let parts = told.into_iter().map(|(what, names)| (printable(&names.join(", ")), what)).collect();
    Some(Error::NotRead { source: file.name.clone(), parts, remedy })
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryContent;
    use super::*;

    /// The error about a file with these entries, each a name and how many dimensions it has.
    fn told(entries: &[(&str, usize)]) -> Option<String> {
        let entry = |&(name, dimensions): &(&str, usize)| {
            let content = match dimensions {
                1 => EntryContent::Numbers(Array2::ones((4, 1))),
                2 => EntryContent::Numbers(Array2::ones((4, 4))),
                _ => EntryContent::Other(format!("{dimensions} dimensions"), "a matrix".into()),
            };
            FileEntry { name: name.into(), dimensions, content }
        };
        let entries: Vec<FileEntry> = [("fc.weight", 2), ("fc.bias", 1)].iter().chain(entries).map(entry).collect();
        let file = File::of("w.npz", "npz", Vec::new());
        refusal(&file, &entries.iter().collect::<Vec<_>>()).map(|error| error.to_string())
    }

    #[test]
    fn each_kind_of_layer_that_is_not_linear_is_refused_by_its_name_and_kind() {
        for (entries, mention) in [
            (&[("bn1.running_mean", 1), ("bn1.weight", 1)][..], "bn1: batch normalisation is not read"),
            (&[("bn1.num_batches_tracked", 0)], "bn1: batch normalisation is not read"),
            (&[("norm.weight", 1), ("norm.bias", 1)], "norm: layer normalisation is not read"),
            (&[("norm/gamma:0", 1), ("norm/beta:0", 1)], "norm: layer normalisation is not read"),
            (&[("act.weight", 1)], "act: a weight of one dimension (PReLU, RMSNorm) is not read"),
            (&[("c.weight", 4), ("c.bias", 1)], "c: convolution (a weight of 4 dimensions) is not read"),
            (&[("c.weight", 3)], "c: convolution (a weight of 3 dimensions) is not read"),
            (
                &[("lstm/recurrent_kernel:0", 2), ("lstm/kernel:0", 2)],
                "lstm: a recurrent layer of Keras (recurrent_kernel) is not read; PyTorch's names are",
            ),
            (&[("self_attn.in_proj_weight", 2)], "self_attn: attention is not read"),
            (&[("embed.weight", 2)], "embed: an embedding is not read"),
            (&[("fc2.weight_g", 2), ("fc2.weight_v", 2)], "fc2: a weight that is made of several"),
            (&[("fc.lora_A.weight", 2)], "fc.lora_A: an adapter (LoRA) is not read"),
            (&[("fc2.qweight", 2)], "fc2: a quantised layer is not read"),
            (&[("optimizer.fc.weight", 2)], "optimizer.fc: the state of an optimiser is not read"),
            (&[("state.0.exp_avg", 2)], "state.0: the state of an optimiser is not read"),
            (&[("fc.grad.weight", 2)], "fc.grad: a gradient is not read"),
            (&[("ema.fc.weight", 2)], "ema.fc: a running average of weights is not read"),
            (&[("a.running_var", 1), ("b.running_var", 1)], "a, b: batch normalisation is not read"),
        ] {
            let told = told(entries).unwrap_or_default();
            assert!(told.starts_with(&format!("w.npz: {mention}")), "{told}");
        }
        let both = told(&[("conv.weight", 4), ("bn.running_mean", 1)]).expect("two kinds");
        assert!(both.contains("bn: batch normalisation is not read; conv: convolution"), "{both}");
        assert_eq!(told(&[("embed.weight", 2), ("embed.bias", 1)]), None, "a linear layer that embeds");
    }
}
