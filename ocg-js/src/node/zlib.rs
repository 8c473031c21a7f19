//! `ocg:native/zlib`: deflate, zlib and gzip, and the decoding of Brotli, whole or piece by piece.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::Compression;
use flate2::write::{
    DeflateDecoder, DeflateEncoder, GzEncoder, MultiGzDecoder, ZlibDecoder, ZlibEncoder,
};
use rquickjs::class::Trace;
use rquickjs::function::{Async, Func};
use rquickjs::{Class, Ctx, JsLifetime, Result};

use super::arguments::{Octets, Text};
use super::native_module;
use super::throw::{Blob, coded};
use crate::isolate::Realm;

native_module!(ZlibModule(ctx) {
    runSync => Func::from(run_sync),
    run => Func::from(Async(run_async)),
    Codec => Class::<Codec>::create_constructor(ctx)?,
});

/// Input between two looks at the length of the output, which is at most 1032 times as long.
const PIECE: usize = 8 << 10;

enum Flow {
    Deflate(ZlibEncoder<Vec<u8>>),
    Inflate(ZlibDecoder<Vec<u8>>),
    DeflateRaw(DeflateEncoder<Vec<u8>>),
    InflateRaw(DeflateDecoder<Vec<u8>>),
    Gzip(GzEncoder<Vec<u8>>),
    Gunzip(MultiGzDecoder<Vec<u8>>),
    Brotli(Box<DecompressorWriter<Vec<u8>>>),
    /// Decides between gzip and zlib at the first byte.
    Unzip,
}

impl Flow {
    fn new(kind: &str, level: i32) -> Option<Self> {
        let level = u32::try_from(level).map_or_else(|_| Compression::default(), Compression::new);
        Some(match kind {
            "deflate" => Self::Deflate(ZlibEncoder::new(Vec::new(), level)),
            "inflate" => Self::Inflate(ZlibDecoder::new(Vec::new())),
            "deflateRaw" => Self::DeflateRaw(DeflateEncoder::new(Vec::new(), level)),
            "inflateRaw" => Self::InflateRaw(DeflateDecoder::new(Vec::new())),
            "gzip" => Self::Gzip(GzEncoder::new(Vec::new(), level)),
            "gunzip" => Self::Gunzip(MultiGzDecoder::new(Vec::new())),
            "brotliDecompress" => {
                Self::Brotli(Box::new(DecompressorWriter::new(Vec::new(), PIECE)))
            }
            "unzip" => Self::Unzip,
            _ => return None,
        })
    }

    /// Takes input and returns the output that is ready, if it is no longer than `limit`: a bomb
    /// of a few kilobytes must not eat the machine's memory.
    fn push(&mut self, input: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        if let (Self::Unzip, [first, ..]) = (&*self, input) {
            *self = if *first == 0x1f {
                Self::Gunzip(MultiGzDecoder::new(Vec::new()))
            } else {
                Self::Inflate(ZlibDecoder::new(Vec::new()))
            };
        }
        macro_rules! push {
            ($stream:expr) => {{
                for piece in input.chunks(PIECE) {
                    $stream.write_all(piece)?;
                    if $stream.get_ref().len() > limit {
                        return Err(io::Error::other("too much output"));
                    }
                }
                Ok(std::mem::take($stream.get_mut()))
            }};
        }
        match self {
            Self::Deflate(stream) => push!(stream),
            Self::Inflate(stream) => push!(stream),
            Self::DeflateRaw(stream) => push!(stream),
            Self::InflateRaw(stream) => push!(stream),
            Self::Gzip(stream) => push!(stream),
            Self::Gunzip(stream) => push!(stream),
            Self::Brotli(stream) => push!(stream),
            Self::Unzip => Ok(Vec::new()),
        }
    }

    /// Everything that the input so far allows, for `Z_SYNC_FLUSH`.
    fn flush(&mut self) -> io::Result<Vec<u8>> {
        macro_rules! flush {
            ($stream:expr) => {{
                $stream.flush()?;
                Ok(std::mem::take($stream.get_mut()))
            }};
        }
        match self {
            Self::Deflate(stream) => flush!(stream),
            Self::Inflate(stream) => flush!(stream),
            Self::DeflateRaw(stream) => flush!(stream),
            Self::InflateRaw(stream) => flush!(stream),
            Self::Gzip(stream) => flush!(stream),
            Self::Gunzip(stream) => flush!(stream),
            Self::Brotli(stream) => flush!(stream),
            Self::Unzip => Ok(Vec::new()),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Deflate(stream) => stream.finish(),
            Self::Inflate(stream) => stream.finish(),
            Self::DeflateRaw(stream) => stream.finish(),
            Self::InflateRaw(stream) => stream.finish(),
            Self::Gzip(stream) => stream.finish(),
            Self::Gunzip(stream) => stream.finish(),
            Self::Brotli(mut stream) => {
                stream.close()?;
                Ok(std::mem::take(stream.get_mut()))
            }
            Self::Unzip => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

fn whole(kind: &str, level: i32, input: &[u8], limit: usize) -> io::Result<Vec<u8>> {
    let mut flow = Flow::new(kind, level).ok_or(io::ErrorKind::InvalidInput)?;
    let mut output = flow.push(input, limit)?;
    output.extend(flow.finish()?);
    Ok(output)
}

fn run_sync(ctx: Ctx<'_>, kind: Text, level: i32, input: Octets) -> Result<Blob> {
    whole(&kind.0, level, &input.0, limit(&ctx)).map(Blob).map_err(|error| throw(&ctx, &error))
}

async fn run_async(ctx: Ctx<'_>, kind: Text, level: i32, input: Octets) -> Result<Blob> {
    let limit = limit(&ctx);
    let work = move || whole(&kind.0, level, &input.0, limit);
    let output =
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(io::Error::other(e)));
    output.map(Blob).map_err(|error| throw(&ctx, &error))
}

/// One stream of compressed or plain data.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Codec {
    #[qjs(skip_trace)]
    flow: Option<Flow>,
}

#[rquickjs::methods]
impl Codec {
    #[qjs(constructor)]
    fn new(ctx: Ctx<'_>, kind: Text, level: i32) -> Result<Self> {
        let flow = Flow::new(&kind.0, level);
        if flow.is_none() {
            return Err(throw(&ctx, &io::ErrorKind::InvalidInput.into()));
        }
        Ok(Self { flow })
    }

    fn push(&mut self, ctx: Ctx<'_>, input: Octets) -> Result<Blob> {
        let flow =
            self.flow.as_mut().ok_or_else(|| throw(&ctx, &io::ErrorKind::InvalidInput.into()))?;
        flow.push(&input.0, limit(&ctx)).map(Blob).map_err(|error| throw(&ctx, &error))
    }

    fn flush(&mut self, ctx: Ctx<'_>) -> Result<Blob> {
        let flow =
            self.flow.as_mut().ok_or_else(|| throw(&ctx, &io::ErrorKind::InvalidInput.into()))?;
        flow.flush().map(Blob).map_err(|error| throw(&ctx, &error))
    }

    fn finish(&mut self, ctx: Ctx<'_>) -> Result<Blob> {
        let flow =
            self.flow.take().ok_or_else(|| throw(&ctx, &io::ErrorKind::InvalidInput.into()))?;
        flow.finish().map(Blob).map_err(|error| throw(&ctx, &error))
    }
}

/// Output that JavaScript could not take anyway is not made.
fn limit(ctx: &Ctx<'_>) -> usize {
    Realm::of(ctx).memory_limit()
}

/// As zlib names it.
fn throw(ctx: &Ctx<'_>, error: &io::Error) -> rquickjs::Error {
    let (code, message) = match error.kind() {
        io::ErrorKind::UnexpectedEof => ("Z_BUF_ERROR", "unexpected end of file"),
        io::ErrorKind::Other => {
            ("ERR_BUFFER_TOO_LARGE", "the output is larger than the memory limit of the plugin")
        }
        _ => ("Z_DATA_ERROR", "incorrect header check"),
    };
    coded(ctx, code, message)
}
