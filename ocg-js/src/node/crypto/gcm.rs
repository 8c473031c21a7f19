//! AES-GCM (NIST SP 800-38D) that encrypts piece by piece, which the `aes-gcm` crate does not.

use aes::cipher::{
    BlockCipherEncrypt, InnerIvInit, KeyInit, StreamCipher, StreamCipherCoreWrapper,
};
use aes::{Aes128, Aes192, Aes256};
use ctr::{CtrCore, flavors::Ctr32BE};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;

use super::cipher::Broken;

type Block = [u8; 16];

trait KeyStream {
    fn apply(&mut self, bytes: &mut [u8]);
}

impl<C: BlockCipherEncrypt<BlockSize = aes::cipher::consts::U16>> KeyStream
    for StreamCipherCoreWrapper<CtrCore<C, Ctr32BE>>
{
    fn apply(&mut self, bytes: &mut [u8]) {
        self.apply_keystream(bytes);
    }
}

/// One encryption or decryption.
pub(super) struct Gcm {
    stream: Box<dyn KeyStream>,
    hash: GHash,
    /// Ciphertext that does not fill a block yet.
    partial: Vec<u8>,
    aad_len: u64,
    text_len: u64,
    /// What the tag is combined with: the encrypted first counter block.
    mask: Block,
    encrypt: bool,
}

impl Gcm {
    pub(super) fn new(key: &[u8], nonce: &[u8], encrypt: bool) -> Result<Self, Broken> {
        if nonce.is_empty() {
            return Err(Broken::IvLength);
        }
        match key.len() {
            16 => Self::with(Aes128::new_from_slice(key), nonce, encrypt),
            24 => Self::with(Aes192::new_from_slice(key), nonce, encrypt),
            _ => Self::with(Aes256::new_from_slice(key), nonce, encrypt),
        }
    }

    fn with<C>(
        cipher: Result<C, aes::cipher::InvalidLength>,
        nonce: &[u8],
        encrypt: bool,
    ) -> Result<Self, Broken>
    where
        C: BlockCipherEncrypt<BlockSize = aes::cipher::consts::U16> + 'static,
    {
        let cipher = cipher.map_err(|_| Broken::KeyLength)?;
        let mut subkey = Block::default();
        cipher.encrypt_block((&mut subkey).into());
        let hash = GHash::new((&subkey).into());
        let mut counter = Block::default();
        if nonce.len() == 12 {
            counter[..12].copy_from_slice(nonce);
            counter[15] = 1;
        } else {
            let mut derive = hash.clone();
            derive.update_padded(nonce);
            let mut lengths = Block::default();
            lengths[8..].copy_from_slice(&(nonce.len() as u64 * 8).to_be_bytes());
            derive.update(&[lengths.into()]);
            counter = derive.finalize().into();
        }
        let core = CtrCore::<C, Ctr32BE>::inner_iv_init(cipher, (&counter).into());
        let mut stream = StreamCipherCoreWrapper::from_core(core);
        // The first block of the key stream masks the tag; the text starts with the second.
        let mut mask = Block::default();
        stream.apply_keystream(&mut mask);
        Ok(Self {
            stream: Box::new(stream),
            hash,
            partial: Vec::new(),
            aad_len: 0,
            text_len: 0,
            mask,
            encrypt,
        })
    }

    /// All additional data at once, before any text.
    pub(super) fn aad(&mut self, aad: &[u8]) {
        self.hash.update_padded(aad);
        self.aad_len += aad.len() as u64;
    }

    pub(super) fn update(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        self.text_len += text.len() as u64;
        if self.encrypt {
            self.stream.apply(&mut text);
            self.absorb(&text);
        } else {
            self.absorb(&text);
            self.stream.apply(&mut text);
        }
        text
    }

    pub(super) fn tag(mut self) -> Block {
        self.hash.update_padded(&self.partial);
        let mut lengths = Block::default();
        lengths[..8].copy_from_slice(&(self.aad_len * 8).to_be_bytes());
        lengths[8..].copy_from_slice(&(self.text_len * 8).to_be_bytes());
        self.hash.update(&[lengths.into()]);
        let mut tag: Block = self.hash.finalize().into();
        tag.iter_mut().zip(self.mask).for_each(|(byte, mask)| *byte ^= mask);
        tag
    }

    fn absorb(&mut self, mut ciphertext: &[u8]) {
        if !self.partial.is_empty() {
            let missing = (16 - self.partial.len()).min(ciphertext.len());
            self.partial.extend_from_slice(&ciphertext[..missing]);
            ciphertext = &ciphertext[missing..];
            if self.partial.len() < 16 {
                return;
            }
            self.hash.update_padded(&self.partial);
            self.partial.clear();
        }
        let whole = ciphertext.len() & !15;
        self.hash.update_padded(&ciphertext[..whole]);
        self.partial.extend_from_slice(&ciphertext[whole..]);
    }
}
