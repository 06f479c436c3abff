/// Run colours that people with any kind of colour vision tell apart, in the order of use. The
/// window moves each a little where its background needs it.
///
/// Reference: M. Okabe & K. Ito, Color universal design, 2008; the last three are our own.
pub const PALETTE: [[u8; 3]; 9] = [
    [0x00, 0x72, 0xb2],
    [0xd5, 0x5e, 0x00],
    [0x00, 0x9e, 0x73],
    [0xcc, 0x79, 0xa7],
    [0xe6, 0x9f, 0x00],
    [0x56, 0xb4, 0xe9],
    [0x7b, 0x4f, 0xb5],
    [0x8c, 0x6d, 0x46],
    [0x80, 0x86, 0x8f],
];

/// The colour written `#0072b2`.
pub fn parse_color(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, r, g, b] = value.to_be_bytes();
    Some([r, g, b])
}

/// A colour as `#0072b2`.
pub fn write_color([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_as_written() {
        for color in PALETTE {
            assert_eq!(parse_color(&write_color(color)), Some(color));
        }
        assert_eq!(parse_color("#0072b2"), Some([0, 0x72, 0xb2]));
        for wrong in ["", "0072b2", "#0072b", "#0072b2f", "#00x2b2", "#é072b"] {
            assert_eq!(parse_color(wrong), None, "{wrong}");
        }
    }
}
