//! The descent in the weight panel: which one there is, and which one is wanted.

use super::View;
use crate::train::{Descended, DescentOrigin};

impl View {
    /// Takes in a descent, unless it is of another run than the picture.
    pub fn take_descent(&mut self, descended: Descended) {
        if self.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == descended.of.moment.run) {
            self.descent.last = Some(descended);
        }
    }

    /// The last descent; none after a change by hand, until that of the changed run is computed.
    pub fn descent(&self) -> Option<&Descended> {
        let now = DescentOrigin::of(self.snapshot.as_ref()?);
        self.descent.last.as_ref().filter(|last| last.of.is_as_changed(&now))
    }

    /// The picture whose descent is to be computed: the present one, where the panel shows it and has another one.
    pub fn wanted_descent(&self) -> Option<DescentOrigin> {
        let now = DescentOrigin::of(self.snapshot.as_ref().filter(|_| self.descent.open)?);
        self.descent.last.as_ref().is_none_or(|last| last.of != now).then_some(now)
    }
}
