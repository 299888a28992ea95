//! Changes by hand between two updates: the one that comes next is made anew.

use std::sync::Arc;

use super::{PassRule, Trainable, Trainer};
use crate::nn::{Real, Regularisation, Weight};
use crate::number::exact;
use crate::train::changes::{self, Change, Changed};
use crate::train::config::Config;
use crate::train::setting::{MOST, Setting};

/// Why a change was not made.
pub type Refusal = String;

impl<T: Real, M: Trainable<T>> Trainer<T, M> {
    /// Changes a setting. λ and α leave the next batch as it is; B cuts the rest of the epoch anew, so that each sample is
    /// still used once.
    ///
    /// # Errors
    /// If the setting can't have this value, or the next update would not be finite with it: then nothing has changed.
    pub fn set(&mut self, setting: Setting, to: f64) -> Result<(), Refusal> {
        let m = self.cursor.m();
        let from = setting.of(&self.config, m);
        if !setting.allows(to, m) {
            return Err(format!("{} stays {}: it is {}", setting.letter(), exact(from), setting.range(m)));
        }
        if from == to {
            return Ok(());
        }
        let config = setting.set(&self.config, to, m);
        self.make_anew(config).map_err(|what| {
            let (from, to) = (exact(from), exact(to));
            format!("{} stays {from}: with {to} {what} of the next update is not finite", setting.letter())
        })?;
        self.note_change(Changed::Setting(setting), from, to);
        Ok(())
    }

    /// Gives one weight another value.
    ///
    /// # Errors
    /// If there is no such weight, or it can't have this value, or the next update would not be finite with it: then nothing
    /// has changed.
    pub fn edit(&mut self, weight: Weight, to: f64) -> Result<(), Refusal> {
        let from = self.weight(weight).ok_or_else(|| self.absent(weight))?;
        let name = self.model.weight_name(weight);
        if to.is_nan() || to.abs() > MOST {
            return Err(format!("{name} stays {}: a weight is a number from -{1} to {1}", exact(from), exact(MOST)));
        }
        // In `f32` the weight is the nearest number that there is.
        let to = T::of(to).f64();
        if from == to {
            return Ok(());
        }
        self.put(weight, to)?;
        self.note_change(Changed::Weight(weight, name), from, to);
        Ok(())
    }

    /// Takes back the last edit of a weight since the last update.
    ///
    /// # Errors
    /// If there is none, or the next update would not be finite without it: then nothing has changed.
    pub fn undo(&mut self) -> Result<(), Refusal> {
        let of_a_weight = |change: &Change| matches!(change.what, Changed::Weight(..));
        let last = self.changes.iter().rposition(of_a_weight);
        let change = last.map(|index| self.changes[index]).filter(|change| change.step == self.cursor.position().step);
        let (Some(index), Some(Change { what: Changed::Weight(weight, _), from, .. })) = (last, change) else {
            return Err("no weight was set by hand since the last update".into());
        };
        self.put(weight, from)?;
        self.changes.remove(index);
        self.note_cost();
        Ok(())
    }

    fn weight(&self, Weight { l, j, i }: Weight) -> Option<f64> {
        self.model.parameters().get(l.checked_sub(1)?)?.get([j, i]).map(|theta| theta.f64())
    }

    /// That there is no such weight.
    fn absent(&self, weight: Weight) -> Refusal {
        let count = self.model.parameters().len();
        match weight.l {
            l if (1..=count).contains(&l) => format!("there is no {}", self.model.weight_name(weight)),
            l => format!("there is no Θ number {l}: this network has {count}"),
        }
    }

    /// Puts a value into Θ and makes the next update of it.
    fn put(&mut self, weight: Weight, to: f64) -> Result<(), Refusal> {
        let Weight { l, j, i } = weight;
        let before = std::mem::replace(&mut self.model.parameters_mut()[l - 1][[j, i]], T::of(to));
        self.make_anew(Config::clone(&self.config)).map_err(|what| {
            self.model.parameters_mut()[l - 1][[j, i]] = before;
            format!(
                "{} stays {}: with {} {what} of the next update is not finite",
                self.model.weight_name(weight),
                exact(before.f64()),
                exact(to)
            )
        })
    }

    /// Makes the next update with these options at the present Θ, or says what of it is not finite.
    fn make_anew(&mut self, config: Config) -> Result<(), String> {
        let regularisation = Regularisation { lambda: config.lambda, ..self.regularisation };
        self.cursor.next_batch(&config, &mut self.spare.rows);
        let rates = config.rates(&self.cursor.position());
        let rule = PassRule { regularisation: &regularisation, config: &config, memory: &self.memory, rates };
        self.spare.make(&self.model, &rule, (&self.examples, &mut self.team));
        if let Some(what) = &self.spare.not_finite {
            return Err(what.clone());
        }
        self.cursor.cut_anew(&config);
        (self.config, self.regularisation) = (Arc::new(config), regularisation);
        std::mem::swap(&mut self.next, &mut self.spare);
        Ok(())
    }

    fn note_change(&mut self, what: Changed, from: f64, to: f64) {
        changes::note(&mut self.changes, Change::new(self.cursor.position().step, what, from, to));
        // The same step's cost once more, with the change.
        self.note_cost();
    }
}
