//! Media: pre-signed uploads, and a CDN that holds nothing but AES-128-ECB ciphertext.

use std::fmt;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyInit};
use bytes::Bytes;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::rules::{Refusal, forbidden, malformed, number, text};
use super::state::State;

/// An AES-128 key.
pub(super) type Key = [u8; 16];

/// An upload that was announced.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub filekey: String,
    pub raw_size: u64,
    pub raw_md5: String,
    pub cipher_size: u64,
    pub media_type: u64,
    pub key: Key,
    pub done: bool,
}

/// Ciphertext on the CDN.
#[derive(Clone)]
pub(super) struct Blob {
    pub ciphertext: Bytes,
    pub key: Key,
    /// 1 image, 2 video, 3 file, 4 voice.
    pub media_type: u64,
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes of media type {})", self.ciphertext.len(), self.media_type)
    }
}

impl Blob {
    /// Encrypts `plain` under a key made from `seed`.
    pub(super) fn seal(plain: &[u8], media_type: u64, seed: u64) -> Self {
        let key: Key = Md5::digest(seed.to_be_bytes()).into();
        let ciphertext =
            ecb::Encryptor::<aes::Aes128>::new(&key.into()).encrypt_padded_vec::<Pkcs7>(plain);
        Self { ciphertext: ciphertext.into(), key, media_type }
    }

    /// The plaintext.
    pub(super) fn open(&self) -> Result<Vec<u8>, Refusal> {
        ecb::Decryptor::<aes::Aes128>::new(&self.key.into())
            .decrypt_padded_vec::<Pkcs7>(&self.ciphertext)
            .map_err(|_| forbidden("the ciphertext does not decrypt under the announced key"))
    }
}

/// Answers `getuploadurl`.
pub(super) fn get_upload_url(state: &mut State, body: &Value) -> Result<Value, Refusal> {
    let user = text(body, "to_user_id")?;
    if !state.users.contains_key(user) {
        return Err(forbidden(format!("upload for unknown {user:?}")));
    }
    let media_type = number(body, "media_type")?;
    if !(1..=4).contains(&media_type) {
        return Err(malformed(format!("media_type {media_type}")));
    }
    if matches!(media_type, 1 | 2) && body["no_need_thumb"] != true {
        return Err(malformed("thumbnail sizes are missing and no_need_thumb is not true"));
    }
    let upload = Upload {
        filekey: text(body, "filekey")?.to_owned(),
        raw_size: number(body, "rawsize")?,
        raw_md5: text(body, "rawfilemd5")?.to_owned(),
        cipher_size: number(body, "filesize")?,
        media_type,
        key: key(text(body, "aeskey")?)?,
        done: false,
    };
    if upload.cipher_size != (upload.raw_size / 16 + 1) * 16 {
        return Err(forbidden(format!(
            "filesize {} is not the ciphertext size of {} bytes",
            upload.cipher_size, upload.raw_size
        )));
    }
    let param = format!("up+/{}=", state.id());
    let answer = if state.settings.full_urls {
        let mut address = url::Url::parse(&format!("{}/c2c/upload", state.base_url)).unwrap();
        address
            .query_pairs_mut()
            .append_pair("encrypted_query_param", &param)
            .append_pair("filekey", &upload.filekey);
        json!({"ret": 0, "upload_param": param, "upload_full_url": address.as_str()})
    } else {
        json!({"ret": 0, "upload_param": param})
    };
    state.uploads.insert(param, upload);
    Ok(answer)
}

/// A key in hexadecimal.
pub(super) fn key(hexadecimal: &str) -> Result<Key, Refusal> {
    let bytes = hex::decode(hexadecimal).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| malformed("aeskey is not 16 bytes in hexadecimal"))
}

/// Takes an upload; returns the download parameter.
pub(super) fn upload(
    state: &mut State,
    param: &str,
    filekey: &str,
    ciphertext: Bytes,
) -> Result<String, Refusal> {
    let download = format!("down+/{}=", state.id());
    let upload = state
        .uploads
        .get_mut(param)
        .ok_or_else(|| malformed("upload parameter never given out"))?;
    if upload.done {
        return Err(forbidden("this upload was already done"));
    }
    if upload.filekey != filekey {
        return Err(malformed(format!("filekey {filekey:?} is not the announced one")));
    }
    if upload.cipher_size != ciphertext.len() as u64 {
        return Err(malformed(format!(
            "{} bytes of ciphertext uploaded, {} announced",
            ciphertext.len(),
            upload.cipher_size
        )));
    }
    let blob = Blob { ciphertext, key: upload.key, media_type: upload.media_type };
    let plain = blob.open()?;
    if plain.len() as u64 != upload.raw_size || hex::encode(Md5::digest(&plain)) != upload.raw_md5 {
        return Err(malformed("the plaintext is not the announced one (size or MD5)"));
    }
    upload.done = true;
    state.blobs.insert(download.clone(), blob);
    Ok(download)
}

/// The ciphertext behind a download parameter.
pub(super) fn download(state: &State, param: &str) -> Result<Bytes, Refusal> {
    let blob =
        state.blobs.get(param).ok_or_else(|| malformed("download parameter never given out"))?;
    Ok(blob.ciphertext.clone())
}

/// The `CDNMedia` of something that a user sends; `hex_key` wraps the key as files and voices do.
pub(super) fn publish(state: &mut State, blob: Blob, hex_key: bool) -> Value {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    let param = format!("down+/{}=", state.id());
    let encoded = if hex_key {
        BASE64_STANDARD.encode(hex::encode(blob.key))
    } else {
        BASE64_STANDARD.encode(blob.key)
    };
    let mut media = json!({"encrypt_query_param": param, "aes_key": encoded, "encrypt_type": 1});
    if state.settings.full_urls {
        let mut address = url::Url::parse(&format!("{}/c2c/download", state.base_url)).unwrap();
        address.query_pairs_mut().append_pair("encrypted_query_param", &param);
        media["full_url"] = address.as_str().into();
    }
    state.blobs.insert(param, blob);
    media
}
