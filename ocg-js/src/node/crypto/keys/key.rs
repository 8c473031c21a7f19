use rquickjs::class::Trace;
use rquickjs::convert::List;
use rquickjs::{Ctx, JsLifetime, Result};
use rsa::traits::PublicKeyParts;

use super::super::super::arguments::{Octets, Text};
use super::super::super::throw::{Blob, coded};

/// A public or private key.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Key {
    #[qjs(skip_trace)]
    pub(super) material: Material,
}

#[derive(Clone)]
pub(super) enum Material {
    RsaPrivate(Box<rsa::PrivateKey>),
    RsaPublic(Box<rsa::PublicKey>),
    P256Private(p256::SecretKey),
    P256Public(p256::PublicKey),
    P384Private(p384::SecretKey),
    P384Public(p384::PublicKey),
    Ed25519Private(Box<ed25519_dalek::SigningKey>),
    Ed25519Public(ed25519_dalek::VerifyingKey),
    X25519Private(x25519_dalek::StaticSecret),
    X25519Public(x25519_dalek::PublicKey),
}

/// Why an operation with a key failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// The bytes are no key of this kind.
    Decode,
    /// The key cannot do this.
    Kind,
    Digest,
    Padding,
    Decrypt,
    TooLong,
    /// The operation itself failed, for example because the key is too short.
    Operation,
}

impl Failed {
    pub(super) fn throw(self, ctx: &Ctx<'_>) -> rquickjs::Error {
        let (code, message) = match self {
            Self::Decode => {
                ("ERR_OSSL_UNSUPPORTED", "error:1E08010C:DECODER routines::unsupported")
            }
            Self::Kind => (
                "ERR_OSSL_EVP_OPERATION_NOT_SUPPORTED_FOR_THIS_KEYTYPE",
                "error:03000096:digital envelope routines::operation not supported for this keytype",
            ),
            Self::Digest => ("ERR_CRYPTO_INVALID_DIGEST", "Invalid digest"),
            Self::Padding => (
                "ERR_OSSL_RSA_UNKNOWN_PADDING_TYPE",
                "error:02000076:rsa routines::unknown padding type",
            ),
            Self::Decrypt => (
                "ERR_OSSL_RSA_OAEP_DECODING_ERROR",
                "error:02000079:rsa routines::oaep decoding error",
            ),
            Self::TooLong => (
                "ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE",
                "error:0200006E:rsa routines::data too large for key size",
            ),
            Self::Operation => ("ERR_CRYPTO_OPERATION_FAILED", "Operation failed"),
        };
        coded(ctx, code, message)
    }
}

#[rquickjs::methods]
impl Key {
    /// `[is private, type as Node names it, curve or "", bits of an RSA modulus, RSA exponent]`
    fn describe(&self) -> List<(bool, &'static str, &'static str, u32, f64)> {
        let (kind, curve) = match &self.material {
            Material::RsaPrivate(_) | Material::RsaPublic(_) => ("rsa", ""),
            Material::P256Private(_) | Material::P256Public(_) => ("ec", "prime256v1"),
            Material::P384Private(_) | Material::P384Public(_) => ("ec", "secp384r1"),
            Material::Ed25519Private(_) | Material::Ed25519Public(_) => ("ed25519", ""),
            Material::X25519Private(_) | Material::X25519Public(_) => ("x25519", ""),
        };
        let rsa = match &self.material {
            Material::RsaPrivate(key) => Some(key.as_public_key()),
            Material::RsaPublic(key) => Some(&**key),
            _ => None,
        };
        let bits = rsa.map_or(0, |key| key.n().bit_width_vartime());
        let exponent = rsa.map_or(0.0, |key| {
            key.e_bytes().iter().fold(0.0, |sum, byte| sum * 256.0 + f64::from(*byte))
        });
        List((self.material.is_private(), kind, curve, bits, exponent))
    }

    #[qjs(rename = "toPublic")]
    fn to_public(&self) -> Self {
        Self { material: self.material.to_public() }
    }

    /// DER: `pkcs8`, `pkcs1` or `sec1` of a private key, `spki` or `pkcs1` of a public one.
    fn encode(&self, ctx: Ctx<'_>, format: Text) -> Result<Blob> {
        super::encoding::encode(&self.material, &format.0)
            .map(Blob)
            .map_err(|failed| failed.throw(&ctx))
    }

    /// What JWK calls `x` (with `y` appended) or `d`: the bytes of the point or of the scalar.
    fn raw(&self, ctx: Ctx<'_>) -> Result<Blob> {
        super::encoding::raw(&self.material).map(Blob).map_err(|failed| failed.throw(&ctx))
    }

    /// Signs a digest made with the digest named, or (Ed25519) the message itself.
    fn sign(
        &self,
        ctx: Ctx<'_>,
        digest: Text,
        data: Octets,
        padding: u32,
        salt: i32,
        der: bool,
    ) -> Result<Blob> {
        let how = super::signature::How { digest: &digest.0, padding, salt, der };
        how.sign(&self.material, &data.0).map(Blob).map_err(|failed| failed.throw(&ctx))
    }

    #[allow(clippy::too_many_arguments)] // the signature and what `sign` takes
    fn verify(
        &self,
        ctx: Ctx<'_>,
        digest: Text,
        data: Octets,
        padding: u32,
        salt: i32,
        der: bool,
        signature: Octets,
    ) -> Result<bool> {
        let how = super::signature::How { digest: &digest.0, padding, salt, der };
        how.verify(&self.material.to_public(), &data.0, &signature.0)
            .map_err(|failed| failed.throw(&ctx))
    }

    fn encrypt(
        &self,
        ctx: Ctx<'_>,
        padding: u32,
        hash: Text,
        label: Octets,
        data: Octets,
    ) -> Result<Blob> {
        super::rsa_cipher::encrypt(&self.material.to_public(), padding, &hash.0, label.0, &data.0)
            .map(Blob)
            .map_err(|failed| failed.throw(&ctx))
    }

    fn decrypt(
        &self,
        ctx: Ctx<'_>,
        padding: u32,
        hash: Text,
        label: Octets,
        data: Octets,
    ) -> Result<Blob> {
        super::rsa_cipher::decrypt(&self.material, padding, &hash.0, label.0, &data.0)
            .map(Blob)
            .map_err(|failed| failed.throw(&ctx))
    }
}

impl Material {
    fn is_private(&self) -> bool {
        matches!(
            self,
            Self::RsaPrivate(_)
                | Self::P256Private(_)
                | Self::P384Private(_)
                | Self::Ed25519Private(_)
                | Self::X25519Private(_)
        )
    }

    pub(super) fn to_public(&self) -> Self {
        match self {
            Self::RsaPrivate(key) => Self::RsaPublic(Box::new(key.to_public_key())),
            Self::P256Private(key) => Self::P256Public(key.public_key()),
            Self::P384Private(key) => Self::P384Public(key.public_key()),
            Self::Ed25519Private(key) => Self::Ed25519Public(key.verifying_key()),
            Self::X25519Private(key) => Self::X25519Public(key.into()),
            public => public.clone(),
        }
    }
}
