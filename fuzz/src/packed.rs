//! Bytes packed as the formats have them, so that what is inside is reached without guessing sums and lengths.

use std::io::{Cursor, Write};

use deltascope::data::npy::MAGIC;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A gzip-compressed file.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("a vector takes all")
}

/// A MATLAB 5 file of one compressed element.
pub fn mat(element: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = packer.write_all(element).and_then(|()| packer.finish()).expect("a vector takes all");
    let head = [&b"MATLAB 5.0 MAT-file"[..], &[b' '; 105], &[0, 1, b'I', b'M']].concat();
    [&head[..], &15_u32.to_le_bytes(), &(packed.len() as u32).to_le_bytes(), &packed].concat()
}

/// An archive of arrays: each NumPy magic number begins one, and they get the names in their order.
pub fn npz(arrays: &[u8], names: &[&str]) -> Vec<u8> {
    let mut starts: Vec<usize> = (0..arrays.len()).filter(|&at| arrays[at..].starts_with(MAGIC)).collect();
    starts.push(arrays.len());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (pair, name) in starts.windows(2).zip(names) {
        archive.start_file(format!("{name}.npy"), options).expect("a name of its own");
        archive.write_all(&arrays[pair[0]..pair[1]]).expect("a vector takes all");
    }
    archive.finish().expect("a vector takes all").into_inner()
}
