use std::path::{Path, PathBuf};
use std::sync::Arc;

use rquickjs::function::{FromParams, IntoJsFunc, ParamRequirement, Params};
use rquickjs::promise::Promised;
use rquickjs::{Ctx, Exception, IntoJs, JsLifetime, Result, Value};

use super::super::throw::{Cause, SystemError};
use super::descriptors::OpenFiles;
use crate::isolate::Realm;
use crate::permit::Permits;

/// What every file operation of one isolate works with.
#[derive(Clone, JsLifetime)]
pub(super) struct Disk {
    permits: Arc<Permits>,
    /// Bytes that JavaScript may have: no more are read at once.
    pub(super) memory_limit: usize,
    pub(super) open: Arc<OpenFiles>,
}

pub(super) type Outcome<T> = std::result::Result<T, Box<SystemError>>;

impl Disk {
    /// Makes the disk of this isolate known to its functions.
    pub(super) fn install(ctx: &Ctx<'_>) -> Result<()> {
        let disk = Self {
            permits: super::super::permits(ctx)?,
            memory_limit: Realm::of(ctx).memory_limit(),
            open: Arc::default(),
        };
        match ctx.store_userdata(disk) {
            Ok(_) => Ok(()),
            Err(_) => Err(Exception::throw_internal(ctx, "the file system is busy")),
        }
    }

    fn of(ctx: &Ctx<'_>) -> Result<Self> {
        match ctx.userdata::<Self>() {
            Some(disk) => Ok(disk.clone()),
            None => Err(Exception::throw_internal(ctx, "the file system is not set up")),
        }
    }

    /// Runs one system call on what the plugin may read.
    pub(super) fn reading<T>(
        &self,
        syscall: &'static str,
        path: &str,
        work: impl FnOnce(&Path) -> std::io::Result<T>,
    ) -> Outcome<T> {
        let allowed = self.permits.files.check_read(Path::new(path));
        run(syscall, path, allowed.map_err(Cause::Denied), work)
    }

    /// Runs one system call on what the plugin may change.
    pub(super) fn writing<T>(
        &self,
        syscall: &'static str,
        path: &str,
        work: impl FnOnce(&Path) -> std::io::Result<T>,
    ) -> Outcome<T> {
        let allowed = self.permits.files.check_write(Path::new(path));
        run(syscall, path, allowed.map_err(Cause::Denied), work)
    }

    /// Like [`Self::reading`], on the entry: a link is not followed.
    pub(super) fn reading_entry<T>(
        &self,
        syscall: &'static str,
        path: &str,
        work: impl FnOnce(&Path) -> std::io::Result<T>,
    ) -> Outcome<T> {
        let allowed = self.permits.files.check_read_entry(Path::new(path));
        run(syscall, path, allowed.map_err(Cause::Denied), work)
    }

    /// Like [`Self::writing`], on the entry: a link is not followed.
    pub(super) fn writing_entry<T>(
        &self,
        syscall: &'static str,
        path: &str,
        work: impl FnOnce(&Path) -> std::io::Result<T>,
    ) -> Outcome<T> {
        let allowed = self.permits.files.check_write_entry(Path::new(path));
        run(syscall, path, allowed.map_err(Cause::Denied), work)
    }
}

fn run<T>(
    syscall: &'static str,
    path: &str,
    allowed: std::result::Result<PathBuf, Cause>,
    work: impl FnOnce(&Path) -> std::io::Result<T>,
) -> Outcome<T> {
    allowed.and_then(|real| work(&real).map_err(Cause::Io)).map_err(|cause| {
        Box::new(SystemError { cause, syscall, path: Some(path.to_owned()), dest: None })
    })
}

type Operation<A, R> = fn(&Disk, A) -> Outcome<R>;

/// An operation as a blocking function.
pub(super) struct Sync<A, R>(pub(super) Operation<A, R>);

impl<'js, A: FromParams<'js>, R: IntoJs<'js>> IntoJsFunc<'js, A> for Sync<A, R> {
    fn param_requirements() -> ParamRequirement {
        A::param_requirements()
    }

    fn call(&self, params: Params<'_, 'js>) -> Result<Value<'js>> {
        let ctx = params.ctx().clone();
        let disk = Disk::of(&ctx)?;
        let arguments = A::from_params(&mut params.access())?;
        (self.0)(&disk, arguments).map_err(|error| error.throw(&ctx))?.into_js(&ctx)
    }
}

/// An operation as a function that returns a promise.
pub(super) struct Later<A, R>(pub(super) Operation<A, R>);

impl<'js, A, R> IntoJsFunc<'js, A> for Later<A, R>
where
    A: FromParams<'js> + Send + 'static,
    R: IntoJs<'js> + Send + 'static,
{
    fn param_requirements() -> ParamRequirement {
        A::param_requirements()
    }

    fn call(&self, params: Params<'_, 'js>) -> Result<Value<'js>> {
        let ctx = params.ctx().clone();
        let disk = Disk::of(&ctx)?;
        let arguments = A::from_params(&mut params.access())?;
        let operation = self.0;
        let inside = ctx.clone();
        let outcome = async move {
            let work = tokio::task::spawn_blocking(move || operation(&disk, arguments));
            match work.await {
                Ok(outcome) => outcome.map_err(|error| error.throw(&inside)),
                Err(error) => Err(Exception::throw_internal(&inside, &error.to_string())),
            }
        };
        Promised(outcome).into_js(&ctx)
    }
}
