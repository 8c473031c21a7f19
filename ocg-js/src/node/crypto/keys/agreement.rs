use rquickjs::{Class, Ctx, Result};

use super::super::super::throw::Blob;
use super::key::{Failed, Key, Material};

/// The secret that the owners of both keys share (ECDH, X25519).
pub(in super::super) fn agree<'js>(
    ctx: Ctx<'js>,
    private: Class<'js, Key>,
    public: Class<'js, Key>,
) -> Result<Blob> {
    let shared = match (&private.borrow().material, &public.borrow().material) {
        (Material::P256Private(own), Material::P256Public(other)) => {
            let secret = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), other.as_affine());
            Some(secret.raw_secret_bytes().to_vec())
        }
        (Material::P384Private(own), Material::P384Public(other)) => {
            let secret = p384::ecdh::diffie_hellman(own.to_nonzero_scalar(), other.as_affine());
            Some(secret.raw_secret_bytes().to_vec())
        }
        (Material::X25519Private(own), Material::X25519Public(other)) => {
            let secret = own.diffie_hellman(other);
            secret.was_contributory().then(|| secret.to_bytes().to_vec())
        }
        _ => return Err(Failed::Kind.throw(&ctx)),
    };
    shared.map(Blob).ok_or_else(|| Failed::Operation.throw(&ctx))
}
