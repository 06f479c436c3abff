//! Techniques that go with any optimizer: limits on the gradient, noise added to it, averages of the
//! parameters. Each is a family; its first member changes nothing.

pub mod averaging;
pub mod clip;
pub mod gradient_noise;

pub use averaging::Averaging;
pub use clip::Clip;
pub use gradient_noise::GradientNoise;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Sampling;
    use crate::settings::Member;

    fn pages_are_complete<F>(members: Vec<Member<F>>) {
        for member in members {
            let (name, page) = (member.name, member.page);
            assert!(page.summary().ends_with('.'), "{name}");
            if name == "Off" {
                continue;
            }
            assert!(!page.formula().is_empty(), "{name}");
            assert!(page.reference().ends_with('.'), "{name}");
            for field in (member.fields)() {
                assert!(page.formula().contains(field.symbol), "{name}");
                assert!(field.help.ends_with('.'), "{name}");
            }
        }
    }

    #[test]
    fn every_page_is_complete() {
        pages_are_complete(Clip::members());
        pages_are_complete(GradientNoise::members());
        pages_are_complete(Averaging::members());
        pages_are_complete(Sampling::members());
    }
}
