use ed25519_dalek::Signer;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use rsa::{Pkcs1v15Sign, Pss};

use super::super::hash::by_name;
use super::key::{Failed, Material};

/// Node's `RSA_PKCS1_PADDING` and `RSA_PKCS1_PSS_PADDING`.
const PKCS1: u32 = 1;
const PSS: u32 = 6;
/// Node's `RSA_PSS_SALTLEN_DIGEST`; `RSA_PSS_SALTLEN_AUTO` and `RSA_PSS_SALTLEN_MAX_SIGN` are the
/// longest salt that fits when signing, and any salt when verifying.
const SALT_OF_DIGEST: i32 = -1;

/// The parameters of a signature.
pub(super) struct How<'a> {
    pub(super) digest: &'a str,
    pub(super) padding: u32,
    pub(super) salt: i32,
    /// Whether an ECDSA signature is DER, not the two numbers one after the other (IEEE P1363).
    pub(super) der: bool,
}

impl How<'_> {
    pub(super) fn sign(&self, key: &Material, data: &[u8]) -> Result<Vec<u8>, Failed> {
        match key {
            Material::RsaPrivate(key) => self.sign_rsa(key, data),
            Material::P256Private(key) => {
                let key = p256::ecdsa::SigningKey::from(key);
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(data).map_err(|_| Failed::Operation)?;
                Ok(if self.der {
                    signature.to_der().as_bytes().to_vec()
                } else {
                    signature.to_bytes().to_vec()
                })
            }
            Material::P384Private(key) => {
                let key = p384::ecdsa::SigningKey::from(key);
                let signature: p384::ecdsa::Signature =
                    key.sign_prehash(data).map_err(|_| Failed::Operation)?;
                Ok(if self.der {
                    signature.to_der().as_bytes().to_vec()
                } else {
                    signature.to_bytes().to_vec()
                })
            }
            Material::Ed25519Private(key) => Ok(key.sign(data).to_bytes().to_vec()),
            _ => Err(Failed::Kind),
        }
    }

    /// `key` is public.
    pub(super) fn verify(
        &self,
        key: &Material,
        data: &[u8],
        signature: &[u8],
    ) -> Result<bool, Failed> {
        match key {
            Material::RsaPublic(key) => self.verify_rsa(key, data, signature),
            Material::P256Public(key) => {
                type Signature = p256::ecdsa::Signature;
                let read = if self.der { Signature::from_der } else { Signature::from_slice };
                let key = p256::ecdsa::VerifyingKey::from(key);
                Ok(read(signature)
                    .is_ok_and(|signature| key.verify_prehash(data, &signature).is_ok()))
            }
            Material::P384Public(key) => {
                type Signature = p384::ecdsa::Signature;
                let read = if self.der { Signature::from_der } else { Signature::from_slice };
                let key = p384::ecdsa::VerifyingKey::from(key);
                Ok(read(signature)
                    .is_ok_and(|signature| key.verify_prehash(data, &signature).is_ok()))
            }
            Material::Ed25519Public(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature);
                Ok(signature.is_ok_and(|signature| key.verify_strict(data, &signature).is_ok()))
            }
            _ => Err(Failed::Kind),
        }
    }

    fn sign_rsa(&self, key: &rsa::PrivateKey, digest: &[u8]) -> Result<Vec<u8>, Failed> {
        use rsa::traits::PublicKeyParts;
        let rng = &mut getrandom::SysRng;
        let signed = by_name!(self.digest, D => match self.padding {
            PKCS1 => key.sign_with_rng(rng, Pkcs1v15Sign::new::<D>(), digest),
            PSS => {
                let longest = key.size().saturating_sub(digest.len() + 2);
                let salt = match self.salt {
                    SALT_OF_DIGEST => digest.len(),
                    length => usize::try_from(length).unwrap_or(longest),
                };
                key.sign_with_rng(rng, Pss::<D>::new_with_salt(salt), digest)
            }
            _ => return Err(Failed::Padding),
        });
        signed.ok_or(Failed::Digest)?.map_err(|_| Failed::Operation)
    }

    fn verify_rsa(
        &self,
        key: &rsa::PublicKey,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, Failed> {
        let verified = by_name!(self.digest, D => match self.padding {
            PKCS1 => key.verify(Pkcs1v15Sign::new::<D>(), digest, signature),
            PSS => {
                let salt_len = match self.salt {
                    SALT_OF_DIGEST => Some(digest.len()),
                    length => usize::try_from(length).ok(),
                };
                let scheme = Pss::<D> { salt_len, ..Pss::new() };
                key.verify(scheme, digest, signature)
            }
            _ => return Err(Failed::Padding),
        });
        Ok(verified.ok_or(Failed::Digest)?.is_ok())
    }
}
