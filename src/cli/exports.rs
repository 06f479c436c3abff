use std::io::{self, Write};

use csv::{QuoteStyle, WriterBuilder};

use crate::record::{Clock, Part};
use crate::training::Run;

/// Writes every recorded metric of the runs, one value a row.
pub(super) fn write_metrics(out: &mut impl Write, runs: &[Run]) -> io::Result<()> {
    writeln!(out, "experiment,seed,step,epoch,evaluations,samples,seconds,split,metric,value")?;
    for run in runs {
        let (label, seed) = (quoted(&run.plan().label)?, run.plan().seed);
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

/// A label as a CSV field, quoted where it has to be: also where it begins or ends with a space, which
/// some readers cut off.
pub(super) fn quoted(text: &str) -> io::Result<String> {
    let style = if text.trim() == text { QuoteStyle::Necessary } else { QuoteStyle::Always };
    let mut writer = WriterBuilder::new().quote_style(style).from_writer(Vec::new());
    writer.write_record([text])?;
    let mut field = writer.into_inner().map_err(|error| error.into_error())?;
    field.pop(); // The end of the record.
    String::from_utf8(field).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_have_to_be() {
        assert_eq!(quoted("Adam").unwrap(), "Adam");
        assert_eq!(quoted("β = 0.9, \"heavy\"").unwrap(), "\"β = 0.9, \"\"heavy\"\"\"");
        assert_eq!(quoted("two\nlines").unwrap(), "\"two\nlines\"");
        assert_eq!(quoted(" Adam").unwrap(), "\" Adam\"");
        assert_eq!(quoted("a \\ b; c").unwrap(), "a \\ b; c");
    }
}
