use rquickjs::class::Trace;
use rquickjs::function::Rest;
use rquickjs::{Array, BigInt, Class, Ctx, IntoJs, JsLifetime, Object, Result, Value};
use rusqlite::{CachedStatement, Connection};

use super::super::arguments::Text;
use super::super::throw::coded;
use super::convert::{row_to_js, to_sql};
use super::database::{Database, Shared};
use super::failure;

/// One statement, kept as text: SQLite's compiled form waits in the connection's cache.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Statement {
    #[qjs(skip_trace)]
    connection: Shared,
    sql: String,
    bigints: bool,
    arrays: bool,
    bare_names: bool,
    unknown_names: bool,
}

#[rquickjs::methods]
impl Statement {
    #[qjs(constructor)]
    fn new<'js>(ctx: Ctx<'js>, database: Class<'js, Database>, sql: Text) -> Result<Self> {
        let connection = database.borrow().connection.clone();
        let made = Self {
            connection,
            sql: sql.0,
            bigints: false,
            arrays: false,
            bare_names: true,
            unknown_names: false,
        };
        made.with(&ctx, |_, _| Ok(()))?;
        Ok(made)
    }

    /// `{ changes, lastInsertRowid }`
    fn run<'js>(&self, ctx: Ctx<'js>, values: Rest<Value<'js>>) -> Result<Object<'js>> {
        self.with(&ctx, |statement, connection| {
            self.bind(&ctx, statement, values.0)?;
            let mut rows = statement.raw_query();
            while rows.next().map_err(|error| failure::throw(&ctx, &error))?.is_some() {}
            let outcome = Object::new(ctx.clone())?;
            let changes = i64::try_from(connection.changes()).unwrap_or(i64::MAX);
            outcome.set("changes", self.integer(&ctx, changes)?)?;
            outcome.set("lastInsertRowid", self.integer(&ctx, connection.last_insert_rowid())?)?;
            Ok(outcome)
        })
    }

    fn get<'js>(&self, ctx: Ctx<'js>, values: Rest<Value<'js>>) -> Result<Value<'js>> {
        let rows = self.rows(&ctx, values.0, 1)?;
        rows.get(0)
    }

    fn all<'js>(&self, ctx: Ctx<'js>, values: Rest<Value<'js>>) -> Result<Array<'js>> {
        self.rows(&ctx, values.0, usize::MAX)
    }

    fn columns(&self, ctx: Ctx<'_>) -> Result<Vec<String>> {
        self.with(&ctx, |statement, _| {
            Ok(statement.column_names().map(ToOwned::to_owned).collect())
        })
    }

    /// The SQL with the last values in place.
    #[qjs(rename = "expandedSQL")]
    fn expanded_sql(&self, ctx: Ctx<'_>) -> Result<Option<String>> {
        self.with(&ctx, |statement, _| Ok(statement.expanded_sql()))
    }

    #[qjs(rename = "setReadBigInts")]
    fn set_read_big_ints(&mut self, on: bool) {
        self.bigints = on;
    }

    #[qjs(rename = "setReturnArrays")]
    fn set_return_arrays(&mut self, on: bool) {
        self.arrays = on;
    }

    #[qjs(rename = "setAllowBareNamedParameters")]
    fn set_allow_bare_named_parameters(&mut self, on: bool) {
        self.bare_names = on;
    }

    #[qjs(rename = "setAllowUnknownNamedParameters")]
    fn set_allow_unknown_named_parameters(&mut self, on: bool) {
        self.unknown_names = on;
    }
}

impl Statement {
    fn with<T>(
        &self,
        ctx: &Ctx<'_>,
        work: impl FnOnce(&mut CachedStatement<'_>, &Connection) -> Result<T>,
    ) -> Result<T> {
        let connection = self.connection.borrow();
        let connection = connection.as_ref().ok_or_else(|| failure::closed(ctx))?;
        let mut statement =
            connection.prepare_cached(&self.sql).map_err(|error| failure::throw(ctx, &error))?;
        work(&mut statement, connection)
    }

    fn rows<'js>(
        &self,
        ctx: &Ctx<'js>,
        values: Vec<Value<'js>>,
        limit: usize,
    ) -> Result<Array<'js>> {
        self.with(ctx, |statement, _| {
            self.bind(ctx, statement, values)?;
            let names: Vec<String> = statement.column_names().map(ToOwned::to_owned).collect();
            let found = Array::new(ctx.clone())?;
            let mut rows = statement.raw_query();
            while found.len() < limit {
                let Some(row) = rows.next().map_err(|error| failure::throw(ctx, &error))? else {
                    break;
                };
                found.set(found.len(), row_to_js(ctx, row, &names, self.bigints, self.arrays)?)?;
            }
            Ok(found)
        })
    }

    /// An object first gives named values; what follows fills the other places in order.
    fn bind<'js>(
        &self,
        ctx: &Ctx<'js>,
        statement: &mut CachedStatement<'_>,
        mut values: Vec<Value<'js>>,
    ) -> Result<()> {
        let mut taken = vec![false; statement.parameter_count()];
        let named = values
            .first()
            .and_then(Value::as_object)
            .filter(|first| !first.is_array_buffer() && !first.is_typed_array::<u8>())
            .cloned();
        if let Some(named) = named {
            values.remove(0);
            for entry in named.props::<String, Value<'js>>() {
                let (name, value) = entry?;
                match self.place(statement, &name) {
                    Some(at) => {
                        taken[at - 1] = true;
                        put(ctx, statement, at, value)?;
                    }
                    None if self.unknown_names => {}
                    None => {
                        let message = format!("Unknown named parameter '{}'", name);
                        return Err(coded(ctx, "ERR_INVALID_STATE", &message));
                    }
                }
            }
        }
        let mut free = (1..=taken.len()).filter(|at| !taken[at - 1]);
        for value in values {
            let at = free.next().unwrap_or(taken.len() + 1);
            put(ctx, statement, at, value)?;
        }
        // What is not given stays NULL.
        for at in free {
            put(ctx, statement, at, Value::new_null(ctx.clone()))?;
        }
        Ok(())
    }

    fn place(&self, statement: &CachedStatement<'_>, name: &str) -> Option<usize> {
        let find = |name: &str| statement.parameter_index(name).ok().flatten();
        if let Some(at) = find(name) {
            return Some(at);
        }
        let bare = self.bare_names && !name.starts_with([':', '$', '@']);
        bare.then(|| [':', '$', '@'].iter().find_map(|mark| find(&format!("{mark}{name}"))))?
    }

    fn integer<'js>(&self, ctx: &Ctx<'js>, number: i64) -> Result<Value<'js>> {
        if self.bigints {
            return BigInt::from_i64(ctx.clone(), number)?.into_js(ctx);
        }
        (number as f64).into_js(ctx)
    }
}

fn put<'js>(
    ctx: &Ctx<'js>,
    statement: &mut CachedStatement<'_>,
    at: usize,
    value: Value<'js>,
) -> Result<()> {
    let value = to_sql(ctx, value, at)?;
    statement.raw_bind_parameter(at, value).map_err(|error| failure::throw(ctx, &error))
}
