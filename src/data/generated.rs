//! Data sets of points in the plane that are made from a seed.

use std::f64::consts::PI;

use ndarray::Array2;
use rand::distr::Distribution;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;

use super::labels::Labels;
use super::suited::{PLANE, Suited};
use super::table::Table;
use super::{Dataset, Scale, Task};
use crate::error::{Error, Result};
use crate::nn::Output;
use crate::nn::draw::share_of;
use crate::number::exact;

/// What the points are made by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Making {
    /// How many, of all classes together.
    pub samples: usize,
    /// How far points stray, as a share of the set's radius.
    pub noise: f64,
    /// What they are drawn from.
    pub seed: u64,
}

impl Default for Making {
    fn default() -> Self {
        Self { samples: 500, noise: 0.1, seed: 1 }
    }
}

/// The most points that are made.
const MOST: usize = 1_000_000;
/// Half of the width of every set.
const RADIUS: f64 = 5.0;

/// A rule that makes a set.
#[derive(Debug)]
pub struct Generator {
    /// Its name on the command line.
    pub name: &'static str,
    /// What the points are.
    pub what: &'static str,
    /// The options with which it learns and is worth watching.
    pub suited: Suited,
    /// How its points are made.
    rule: PointRule,
}

/// How points are made, and what is to be learnt of them.
#[derive(Debug)]
enum PointRule {
    /// Two classes, and the point of one that is so far along, from 0 up to 1.
    Classes([&'static str; 2], fn(f64, usize, &mut PointSource) -> (f64, f64)),
    /// A number at each point of the square.
    Number(fn(f64, f64) -> f64),
}

/// The sets there are.
pub const GENERATED: [Generator; 7] = [
    Generator {
        name: "circle",
        what: "a disc inside a ring",
        suited: Suited { layers: &[4], ..PLANE },
        rule: PointRule::Classes(["inside", "outside"], |_, class, draw| {
            let (near, far) = if class == 0 { (0.0, 0.5) } else { (0.7, 1.0) };
            let (r, angle) = (RADIUS * draw.between(near, far), draw.between(0.0, 2.0 * PI));
            draw.strayed((r * angle.cos(), r * angle.sin()))
        }),
    },
    Generator {
        name: "xor-cloud",
        what: "four quarters, opposite ones alike",
        suited: PLANE,
        rule: PointRule::Classes(["alike", "opposed"], |_, class, draw| {
            let (x1, x2) = (draw.between(0.3, RADIUS), draw.between(0.3, RADIUS));
            let side = if draw.between(0.0, 1.0) < 0.5 { 1.0 } else { -1.0 };
            let other = if class == 0 { side } else { -side };
            draw.strayed((side * x1, other * x2))
        }),
    },
    Generator {
        name: "gauss",
        what: "two round clouds",
        suited: Suited { layers: &[2], ..PLANE },
        rule: PointRule::Classes(["high", "low"], |_, class, draw| {
            let centre = if class == 0 { 2.0 } else { -2.0 };
            let spread = 0.5 + 0.7 * RADIUS * draw.noise;
            (centre + spread * draw.normal(), centre + spread * draw.normal())
        }),
    },
    Generator {
        name: "spiral",
        what: "two arms wound into each other",
        suited: Suited { layers: &[16, 16], output: Output::Softmax, alpha: 0.02, batch: 10, ..PLANE },
        rule: PointRule::Classes(["first", "second"], |along, class, draw| {
            let angle = 1.75 * along * 2.0 * PI + if class == 0 { 0.0 } else { PI };
            let r = RADIUS * along;
            let (dx, dy) = (draw.between(-1.0, 1.0) * draw.noise, draw.between(-1.0, 1.0) * draw.noise);
            (r * angle.sin() + dx, r * angle.cos() + dy)
        }),
    },
    Generator {
        name: "moons",
        what: "two half circles, hooked into each other",
        suited: PLANE,
        rule: PointRule::Classes(["lower", "upper"], |along, class, draw| {
            let (sin, cos) = (PI * along).sin_cos();
            let (x1, x2) = if class == 1 { (cos, sin) } else { (1.0 - cos, 0.5 - sin) };
            let size = RADIUS / 1.5;
            let (dx, dy) = (draw.normal() * draw.noise, draw.normal() * draw.noise);
            (size * (x1 - 0.5 + dx), size * (x2 - 0.25 + dy))
        }),
    },
    Generator {
        name: "reg-plane",
        what: "a number that rises evenly along the diagonal",
        suited: Suited { layers: &[4], output: Output::Linear, alpha: 0.01, lambda: 0.01, ..PLANE },
        rule: PointRule::Number(|x1, x2| (x1 + x2) / (2.0 * RADIUS)),
    },
    Generator {
        name: "reg-gauss",
        what: "a number with three hills and three hollows",
        suited: Suited { layers: &[16, 16], output: Output::Linear, alpha: 0.02, batch: 10, ..PLANE },
        rule: PointRule::Number(|x1, x2| {
            // Each reaches as far as a third of the radius, and counts where it is the strongest.
            let hill = |(c1, c2, height): (f64, f64, f64)| {
                let far = (x1 - c1 * RADIUS).hypot(x2 - c2 * RADIUS) / (RADIUS / 3.0);
                height * (1.0 - far).max(0.0)
            };
            let (x, y) = (2.0 / 3.0, 5.0 / 12.0);
            let hills = [(-x, y, 1.0), (0.0, y, -1.0), (x, y, 1.0), (-x, -y, -1.0), (0.0, -y, 1.0), (x, -y, -1.0)];
            hills
                .map(hill)
                .into_iter()
                .fold(0.0, |strongest: f64, here| if here.abs() > strongest.abs() { here } else { strongest })
        }),
    },
];

/// What points are drawn from.
struct PointSource {
    rng: ChaCha8Rng,
    noise: f64,
}

impl PointSource {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * share_of(self.rng.next_u64())
    }

    fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.rng)
    }

    fn strayed(&mut self, (x1, x2): (f64, f64)) -> (f64, f64) {
        let far = RADIUS * self.noise / 2.0;
        (x1 + self.between(-far, far), x2 + self.between(-far, far))
    }
}

impl Generator {
    /// What is learnt of its points.
    pub fn task(&self) -> Task {
        match self.rule {
            PointRule::Classes(..) => Task::Classes,
            PointRule::Number(_) => Task::Regression,
        }
    }

    /// The set; of two classes each has half of the points.
    ///
    /// # Errors
    /// `Error::Usage` for a number of samples or a noise that makes no set.
    pub fn make(&self, making: &Making) -> Result<Dataset> {
        let &Making { samples, noise, seed } = making;
        if !(4..=MOST).contains(&samples) {
            return Err(Error::Usage(format!("--samples {samples}: from 4 to {MOST}")));
        }
        if !(0.0..=1.0).contains(&noise) {
            return Err(Error::Usage(format!("--noise {}: a share of the radius, from 0 to 1", exact(noise))));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // The streams from 0 on belong to the weights and to the order of each epoch, the last to the split.
        rng.set_stream(u64::MAX - 1);
        let mut draw = PointSource { rng, noise };
        let mut x = Array2::zeros((samples, 2));
        let mut labels = Labels::called(if self.task() == Task::Regression { "y" } else { "class" });
        for (row, mut point) in x.rows_mut().into_iter().enumerate() {
            let (x1, x2) = match self.rule {
                PointRule::Classes(names, of_class) => {
                    labels.add(names[row % 2]);
                    let along = (row / 2) as f64 / samples.div_ceil(2) as f64;
                    of_class(along, row % 2, &mut draw)
                }
                PointRule::Number(value) => {
                    let (x1, x2) = (draw.between(-RADIUS, RADIUS), draw.between(-RADIUS, RADIUS));
                    // The number is that of a point beside it.
                    let (near1, near2) = draw.strayed((x1, x2));
                    labels.add(&value(near1, near2).to_string());
                    (x1, x2)
                }
            };
            point.assign(&ndarray::array![x1, x2]);
        }
        let dataset = Table::of(self.name, (x, None), vec![labels])?.dataset(self.task())?;
        let origin = format!("made from seed {seed}: {samples} samples, noise {}", exact(noise));
        Ok(Dataset { origin, target_scale: Scale::None, ..dataset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Targets;

    fn made(name: &str, making: Making) -> Dataset {
        let generator = GENERATED.iter().find(|generator| generator.name == name).expect("its name");
        generator.make(&making).expect("it makes a set")
    }

    #[test]
    fn the_seed_decides_the_points_and_either_class_has_half_of_them() {
        for generator in &GENERATED {
            let making = Making { samples: 201, ..Making::default() };
            let set = made(generator.name, making);
            assert_eq!(set, made(generator.name, making));
            assert_ne!(set.x, made(generator.name, Making { seed: 2, ..making }).x);
            assert!(set.x.iter().all(|x| x.abs() < 2.0 * RADIUS));
            match (&generator.rule, &set.targets) {
                (PointRule::Classes(names, _), Targets::Classes { class, names: found, .. }) => {
                    assert_eq!(class.iter().filter(|&&class| class == 0).count(), 101);
                    assert_eq!(found, names);
                }
                (PointRule::Number(_), Targets::Numbers { y, .. }) => assert!(y.iter().all(|y| y.abs() <= 1.2)),
                (rule, targets) => panic!("{rule:?}: {targets:?}"),
            }
        }
    }

    #[test]
    fn without_noise_the_points_lie_where_their_class_says() {
        let making = Making { noise: 0.0, ..Making::default() };
        let circle = made("circle", making);
        for (point, &class) in circle.x.rows().into_iter().zip(circle.targets.class()) {
            assert_eq!(point[0].hypot(point[1]) > 0.6 * RADIUS, class == 1);
        }
        let cloud = made("xor-cloud", making);
        for (point, &class) in cloud.x.rows().into_iter().zip(cloud.targets.class()) {
            assert_eq!(point[0] * point[1] < 0.0, class == 1);
        }
    }

    #[test]
    fn without_noise_the_numbers_are_those_of_their_points() {
        let making = Making { noise: 0.0, ..Making::default() };
        let plane = made("reg-plane", making);
        let y = plane.targets.of(&(0..500).collect::<Vec<_>>());
        assert!(plane.x.rows().into_iter().zip(&y).all(|(x, y)| ((x[0] + x[1]) / 10.0 - y).abs() < 1e-15));
        let PointRule::Number(hills) = GENERATED[6].rule else { panic!("it has numbers") };
        let top = 5.0 * 5.0 / 12.0;
        assert_eq!((hills(0.0, top), hills(0.0, -top), hills(0.0, 0.0)), (-1.0, 1.0, 0.0));
    }

    #[test]
    fn what_makes_no_set_is_refused() {
        for making in [
            Making { samples: 3, ..Making::default() },
            Making { noise: -0.1, ..Making::default() },
            Making { noise: f64::NAN, ..Making::default() },
        ] {
            assert_eq!(GENERATED[0].make(&making).expect_err("refused").exit_status(), 2);
        }
    }
}
