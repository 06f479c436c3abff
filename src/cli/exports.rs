use std::io::{self, Write};

use crate::record::{Clock, Part};
use crate::training::Run;

/// Writes every recorded metric of the runs, one value a row.
pub(super) fn write_metrics(out: &mut impl Write, runs: &[Run]) -> io::Result<()> {
    writeln!(out, "experiment,seed,step,epoch,evaluations,samples,seconds,split,metric,value")?;
    for run in runs {
        let (label, seed) = (quoted(&run.plan().label), run.plan().seed);
        for part in Part::ALL {
            let track = run.history().track(part);
            let clocks =
                [Clock::Step, Clock::Epoch, Clock::Evaluations, Clock::Samples, Clock::Seconds]
                    .map(|clock| track.clock(clock));
            for moment in 0..track.len() {
                let [step, epoch, evaluations, samples, seconds] =
                    clocks.map(|readings| readings[moment]);
                for (metric, values) in track.metrics.iter().zip(&track.values) {
                    writeln!(
                        out,
                        "{label},{seed},{step},{epoch},{evaluations},{samples},{seconds},{},{},{}",
                        part.name(),
                        metric.name(),
                        values[moment]
                    )?;
                }
            }
        }
    }
    Ok(())
}

/// A CSV field, quoted where it has to be.
pub(super) fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_have_to_be() {
        assert_eq!(quoted("Adam"), "Adam");
        assert_eq!(quoted("β = 0.9, \"heavy\""), "\"β = 0.9, \"\"heavy\"\"\"");
    }
}
