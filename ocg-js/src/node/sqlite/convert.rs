use rquickjs::{ArrayBuffer, BigInt, Ctx, FromJs, IntoJs, Object, Result, TypedArray, Value};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};

use super::super::arguments::{Text, View};
use super::super::throw::coded;

/// JavaScript → SQLite. A number is bound as a real, as Node does; the column's affinity makes
/// an integer of it where that is wanted.
pub(super) fn to_sql<'js>(
    ctx: &Ctx<'js>,
    value: Value<'js>,
    at: usize,
) -> Result<ToSqlOutput<'static>> {
    let sql = if value.is_null() {
        Sql::Null
    } else if let Some(number) = value.as_number() {
        Sql::Real(number)
    } else if value.is_string() {
        Sql::Text(Text::from_js(ctx, value)?.0)
    } else if let Some(big) = value.as_big_int() {
        let number = big.clone().to_i64().map_err(|_| {
            coded(ctx, "ERR_INVALID_ARG_VALUE", "BigInt value is too large to bind.")
        })?;
        Sql::Integer(number)
    } else if let Ok(view) = View::from_js(ctx, value) {
        Sql::Blob(view.bytes().to_vec())
    } else {
        // The refused conversion left an exception behind.
        ctx.catch();
        let message = format!("Provided value cannot be bound to SQLite parameter {at}.");
        return Err(coded(ctx, "ERR_INVALID_ARG_TYPE", &message));
    };
    Ok(ToSqlOutput::Owned(sql))
}

/// SQLite → JavaScript. Integers that a number cannot hold exactly are an error unless `bigints`.
pub(super) fn to_js<'js>(ctx: &Ctx<'js>, value: ValueRef<'_>, bigints: bool) -> Result<Value<'js>> {
    const MAX_SAFE: i64 = (1 << 53) - 1;
    match value {
        ValueRef::Null => Ok(Value::new_null(ctx.clone())),
        ValueRef::Integer(number) if bigints => BigInt::from_i64(ctx.clone(), number)?.into_js(ctx),
        ValueRef::Integer(number) if number.abs() <= MAX_SAFE => (number as f64).into_js(ctx),
        ValueRef::Integer(number) => Err(coded(
            ctx,
            "ERR_OUT_OF_RANGE",
            &format!("Value is too large to be represented as a JavaScript number: {number}"),
        )),
        ValueRef::Real(number) => number.into_js(ctx),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_js(ctx),
        ValueRef::Blob(bytes) => {
            let buffer = ArrayBuffer::new_copy(ctx.clone(), bytes)?;
            TypedArray::<u8>::from_arraybuffer(buffer)?.into_js(ctx)
        }
    }
}

/// One row as an object without a prototype, or as an array.
pub(super) fn row_to_js<'js>(
    ctx: &Ctx<'js>,
    row: &rusqlite::Row<'_>,
    names: &[String],
    bigints: bool,
    arrays: bool,
) -> Result<Value<'js>> {
    let cell = |at: usize| {
        let value = row.get_ref(at).map_err(|error| super::failure::throw(ctx, &error))?;
        to_js(ctx, value, bigints)
    };
    if arrays {
        let array = rquickjs::Array::new(ctx.clone())?;
        for at in 0..names.len() {
            array.set(at, cell(at)?)?;
        }
        return Ok(array.into_value());
    }
    let object = Object::new(ctx.clone())?;
    object.set_prototype(None)?;
    for (at, name) in names.iter().enumerate() {
        object.set(name.as_str(), cell(at)?)?;
    }
    Ok(object.into_value())
}
