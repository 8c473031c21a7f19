use aes::cipher::consts::U16;
use aes::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit, StreamCipher};
use aes::{Aes128, Aes192, Aes256};
use rquickjs::class::Trace;
use rquickjs::{Ctx, JsLifetime, Result};
use subtle::ConstantTimeEq;

use super::super::arguments::{Octets, Text};
use super::super::throw::{Blob, coded};
use super::gcm::Gcm;

/// Why a cipher cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    Unknown,
    KeyLength,
    IvLength,
    Finished,
    BadDecrypt,
    WrongLength,
    Unauthenticated,
    NoTag,
    NotAead,
}

impl Broken {
    fn throw(self, ctx: &Ctx<'_>) -> rquickjs::Error {
        let (code, message) = match self {
            Self::Unknown => ("ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher"),
            Self::KeyLength => ("ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length"),
            Self::IvLength => ("ERR_CRYPTO_INVALID_IV", "Invalid initialization vector"),
            Self::Finished => ("ERR_CRYPTO_INVALID_STATE", "Unsupported state"),
            Self::BadDecrypt => {
                ("ERR_OSSL_BAD_DECRYPT", "error:1C800064:Provider routines::bad decrypt")
            }
            Self::WrongLength => (
                "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH",
                "error:1C80006B:Provider routines::wrong final block length",
            ),
            Self::Unauthenticated | Self::NoTag => {
                return rquickjs::Exception::throw_message(
                    ctx,
                    "Unsupported state or unable to authenticate data",
                );
            }
            Self::NotAead => ("ERR_CRYPTO_INVALID_STATE", "Invalid state for operation"),
        };
        coded(ctx, code, message)
    }
}

/// `[key length, IV length, block size]` in bytes, or nothing for a cipher that is not provided.
pub(super) fn cipher_info(name: Text) -> Option<Vec<usize>> {
    let (key, mode) = split(&name.0)?;
    let sizes = match mode {
        Mode::Ecb => [key, 0, 16],
        Mode::Cbc => [key, 16, 16],
        Mode::Ctr => [key, 16, 1],
        Mode::Gcm => [key, 12, 1],
    };
    Some(sizes.to_vec())
}

#[derive(Clone, Copy)]
enum Mode {
    Ecb,
    Cbc,
    Ctr,
    Gcm,
}

fn split(name: &str) -> Option<(usize, Mode)> {
    let name = name.to_ascii_lowercase();
    let rest = name.strip_prefix("aes-").or_else(|| name.strip_prefix("id-aes"))?;
    let (bits, mode) = rest.split_once('-')?;
    let key = match bits {
        "128" => 16,
        "192" => 24,
        "256" => 32,
        _ => return None,
    };
    let mode = match mode {
        "ecb" => Mode::Ecb,
        "cbc" => Mode::Cbc,
        "ctr" => Mode::Ctr,
        "gcm" => Mode::Gcm,
        _ => return None,
    };
    Some((key, mode))
}

/// One encryption or decryption, piece by piece.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Cipher {
    #[qjs(skip_trace)]
    engine: Option<Engine>,
    encrypt: bool,
    padding: bool,
    /// Input that does not fill a block yet (when decrypting: or whose padding may follow).
    #[qjs(skip_trace)]
    pending: Vec<u8>,
    #[qjs(skip_trace)]
    tag: Option<Vec<u8>>,
}

enum Engine {
    Blocks(Box<dyn Blocks>),
    Stream(Box<dyn Stream>),
    Aead(Box<Gcm>),
}

#[rquickjs::methods]
impl Cipher {
    #[qjs(constructor)]
    fn new(ctx: Ctx<'_>, name: Text, key: Octets, iv: Octets, encrypt: bool) -> Result<Self> {
        let engine =
            engine(&name.0, &key.0, &iv.0, encrypt).map_err(|broken| broken.throw(&ctx))?;
        Ok(Self { engine: Some(engine), encrypt, padding: true, pending: Vec::new(), tag: None })
    }

    fn update(&mut self, ctx: Ctx<'_>, data: Octets) -> Result<Blob> {
        let encrypt = self.encrypt;
        let hold_back = !encrypt && self.padding;
        match &mut self.engine {
            None => Err(Broken::Finished.throw(&ctx)),
            Some(Engine::Stream(stream)) => {
                let mut text = data.0;
                stream.apply(&mut text);
                Ok(Blob(text))
            }
            Some(Engine::Aead(gcm)) => Ok(Blob(gcm.update(data.0))),
            Some(Engine::Blocks(blocks)) => {
                let mut text = std::mem::take(&mut self.pending);
                text.extend_from_slice(&data.0);
                let mut whole = text.len() & !15;
                if hold_back && whole == text.len() && whole > 0 {
                    whole -= 16;
                }
                self.pending = text.split_off(whole);
                blocks.apply(&mut text);
                Ok(Blob(text))
            }
        }
    }

    #[qjs(rename = "final")]
    fn finish(&mut self, ctx: Ctx<'_>) -> Result<Blob> {
        self.last().map(Blob).map_err(|broken| broken.throw(&ctx))
    }

    #[qjs(rename = "setAutoPadding")]
    fn set_auto_padding(&mut self, padding: bool) {
        self.padding = padding;
    }

    #[qjs(rename = "setAAD")]
    fn set_aad(&mut self, ctx: Ctx<'_>, aad: Octets) -> Result<()> {
        let Some(Engine::Aead(gcm)) = &mut self.engine else {
            return Err(Broken::NotAead.throw(&ctx));
        };
        gcm.aad(&aad.0);
        Ok(())
    }

    #[qjs(rename = "setAuthTag")]
    fn set_auth_tag(&mut self, ctx: Ctx<'_>, tag: Octets) -> Result<()> {
        if self.encrypt || !matches!(self.engine, Some(Engine::Aead(_))) {
            return Err(Broken::NotAead.throw(&ctx));
        }
        if !matches!(tag.0.len(), 4 | 8 | 12..=16) {
            let message = format!("Invalid authentication tag length: {}", tag.0.len());
            return Err(coded(&ctx, "ERR_CRYPTO_INVALID_AUTH_TAG", &message));
        }
        self.tag = Some(tag.0);
        Ok(())
    }

    #[qjs(rename = "getAuthTag")]
    fn get_auth_tag(&self, ctx: Ctx<'_>) -> Result<Blob> {
        match (&self.tag, self.encrypt) {
            (Some(tag), true) => Ok(Blob(tag.clone())),
            _ => Err(Broken::NotAead.throw(&ctx)),
        }
    }
}

impl Cipher {
    fn last(&mut self) -> std::result::Result<Vec<u8>, Broken> {
        match self.engine.take().ok_or(Broken::Finished)? {
            Engine::Stream(_) => Ok(Vec::new()),
            Engine::Aead(gcm) => self.authenticate(gcm.tag()),
            Engine::Blocks(mut blocks) => {
                let mut text = std::mem::take(&mut self.pending);
                if self.encrypt && self.padding {
                    let missing = 16 - text.len() % 16;
                    text.resize(text.len() + missing, missing as u8);
                }
                if !text.len().is_multiple_of(16)
                    || (text.is_empty() && self.padding && !self.encrypt)
                {
                    return Err(Broken::WrongLength);
                }
                blocks.apply(&mut text);
                if !self.encrypt && self.padding {
                    let padding = text.last().copied().map_or(0, usize::from);
                    let start = text.len().checked_sub(padding).ok_or(Broken::BadDecrypt)?;
                    let sound = (1..=16).contains(&padding)
                        && text[start..].iter().all(|byte| usize::from(*byte) == padding);
                    if !sound {
                        return Err(Broken::BadDecrypt);
                    }
                    text.truncate(start);
                }
                Ok(text)
            }
        }
    }

    fn authenticate(&mut self, tag: [u8; 16]) -> std::result::Result<Vec<u8>, Broken> {
        if self.encrypt {
            self.tag = Some(tag.to_vec());
            return Ok(Vec::new());
        }
        let expected = self.tag.as_ref().ok_or(Broken::NoTag)?;
        if bool::from(tag[..expected.len()].ct_eq(expected)) {
            Ok(Vec::new())
        } else {
            Err(Broken::Unauthenticated)
        }
    }
}

trait Blocks {
    /// The length is a multiple of 16.
    fn apply(&mut self, text: &mut [u8]);
}

struct Encrypting<M>(M);
struct Decrypting<M>(M);

impl<M: BlockModeEncrypt<BlockSize = U16>> Blocks for Encrypting<M> {
    fn apply(&mut self, text: &mut [u8]) {
        self.0.encrypt_blocks(Array::slice_as_chunks_mut(text).0);
    }
}

impl<M: BlockModeDecrypt<BlockSize = U16>> Blocks for Decrypting<M> {
    fn apply(&mut self, text: &mut [u8]) {
        self.0.decrypt_blocks(Array::slice_as_chunks_mut(text).0);
    }
}

trait Stream {
    fn apply(&mut self, text: &mut [u8]);
}

impl<S: StreamCipher> Stream for S {
    fn apply(&mut self, text: &mut [u8]) {
        self.apply_keystream(text);
    }
}

fn engine(name: &str, key: &[u8], iv: &[u8], encrypt: bool) -> std::result::Result<Engine, Broken> {
    let (key_length, mode) = split(name).ok_or(Broken::Unknown)?;
    if key.len() != key_length {
        return Err(Broken::KeyLength);
    }
    macro_rules! sized {
        ($aes:ident => $made:expr) => {
            match key_length {
                16 => {
                    type $aes = Aes128;
                    $made
                }
                24 => {
                    type $aes = Aes192;
                    $made
                }
                _ => {
                    type $aes = Aes256;
                    $made
                }
            }
        };
    }
    macro_rules! blocks {
        ($made:expr, $side:ident) => {
            $made.map(|mode| Engine::Blocks(Box::new($side(mode)))).map_err(|_| Broken::IvLength)
        };
    }
    match (mode, encrypt) {
        (Mode::Ecb, _) if !iv.is_empty() => Err(Broken::IvLength),
        (Mode::Ecb, true) => {
            sized!(A => blocks!(ecb::Encryptor::<A>::new_from_slice(key), Encrypting))
        }
        (Mode::Ecb, false) => {
            sized!(A => blocks!(ecb::Decryptor::<A>::new_from_slice(key), Decrypting))
        }
        (Mode::Cbc, true) => {
            sized!(A => blocks!(cbc::Encryptor::<A>::new_from_slices(key, iv), Encrypting))
        }
        (Mode::Cbc, false) => {
            sized!(A => blocks!(cbc::Decryptor::<A>::new_from_slices(key, iv), Decrypting))
        }
        (Mode::Ctr, _) => sized!(A => ctr::Ctr128BE::<A>::new_from_slices(key, iv)
            .map(|stream| Engine::Stream(Box::new(stream)))
            .map_err(|_| Broken::IvLength)),
        (Mode::Gcm, _) => Gcm::new(key, iv, encrypt).map(|gcm| Engine::Aead(Box::new(gcm))),
    }
}
