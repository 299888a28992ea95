//! The metrics of a run as events for TensorBoard: records with their checksums, each a message of protocol buffers.

use super::history::History;
use crate::train::{Epoch, Fit};

/// The bytes of a file of events: its version, then the scalars of every epoch, in single precision as the format has them.
pub(super) fn events(history: &History) -> Vec<u8> {
    let begun = history.epochs.first().map_or(0.0, |(moment, _)| *moment);
    let mut out = Vec::new();
    record(&mut out, &[double(1, begun), bytes(3, b"brain.Event:2")].concat());
    for (moment, epoch) in &history.epochs {
        let values: Vec<u8> = scalars(epoch)
            .into_iter()
            .flat_map(|(tag, value)| bytes(1, &[bytes(1, tag.as_bytes()), float(2, value as f32)].concat()))
            .collect();
        record(&mut out, &[double(1, *moment), varint(2, epoch.epoch), bytes(5, &values)].concat());
    }
    out
}

/// The scalars of an epoch with their tags.
fn scalars(epoch: &Epoch) -> Vec<(String, f64)> {
    let mut scalars = vec![
        ("cost/data".to_string(), epoch.train.data),
        ("cost/reg".into(), epoch.reg),
        ("cost/J".into(), epoch.total()),
    ];
    scalars.extend(epoch.test.map(|test| ("cost/test".to_string(), test.data)));
    for (part, fit) in [("train", Some(epoch.train.fit)), ("test", epoch.test.map(|test| test.fit))] {
        match fit {
            Some(Fit::Accuracy(share)) => scalars.push((format!("accuracy/{part}"), share)),
            Some(Fit::Numbers { r2, rmse }) => {
                scalars.extend(r2.map(|r2| (format!("r2/{part}"), r2)));
                scalars.push((format!("rmse/{part}"), rmse));
            }
            None => {}
        }
    }
    scalars
}

/// A record: its length with a checksum, its bytes with a checksum.
fn record(out: &mut Vec<u8>, data: &[u8]) {
    let length = (data.len() as u64).to_le_bytes();
    out.extend(length);
    out.extend(masked(&length).to_le_bytes());
    out.extend(data);
    out.extend(masked(data).to_le_bytes());
}

/// The checksum as records have it: turned and shifted, so that sums of sums stay good ones.
fn masked(data: &[u8]) -> u32 {
    crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli), bit by bit: the files are small.
fn crc32c(data: &[u8]) -> u32 {
    let byte = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 })
    };
    !data.iter().fold(!0, byte)
}

/// A number as groups of seven bits, the lowest first.
fn groups(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Fields of a message by their numbers: a whole number, a float of 64 or 32 bits, and bytes of any length.
fn varint(field: u64, value: u64) -> Vec<u8> {
    [groups(field << 3), groups(value)].concat()
}

fn double(field: u64, value: f64) -> Vec<u8> {
    [groups(field << 3 | 1), value.to_le_bytes().to_vec()].concat()
}

fn float(field: u64, value: f32) -> Vec<u8> {
    [groups(field << 3 | 5), value.to_le_bytes().to_vec()].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [groups(field << 3 | 2), groups(value.len() as u64), value.to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_its_standard() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(b""), 0);
    }

    #[test]
    fn numbers_are_in_groups_of_seven_bits() {
        assert_eq!(groups(1), [1]);
        assert_eq!(groups(300), [0xac, 0x02]);
        assert_eq!(groups(u64::MAX).len(), 10);
    }
}
