//! Carries the context of `AsyncLocalStorage` across `await`.
//!
//! The engine has no hook for the moment at which an async function goes on, so the source is
//! edited before it is compiled; no edit adds a line, so that stack traces stay right:
//!
//! | written | compiled |
//! |---|---|
//! | `await X` | `__ocgResume(__ocgC = __ocgHold(X), await __ocgHeld(), __ocgC = undefined)` |
//! | `yield X` in an async generator | the same with `__ocgYielded` |
//! | `catch {` and `finally {` | `{__ocgC = __ocgRestore(__ocgC, undefined);` |
//! | `for await (x of Y) {` | keeps its own context in `__ocgL1`, restored in the body and after it |
//!
//! `__ocgHold` keeps the value and gives the context *after* X was evaluated, as Node does;
//! `__ocgC` is the context of the `await` under way, which a rejection leaves behind. The
//! functions are those of `ocg:web/async-context`.

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, AwaitExpression, BlockStatement, CatchClause,
    Directive, ForOfStatement, Function, FunctionBody, LabeledStatement, Program, ReturnStatement,
    Statement, StaticBlock, TryStatement, VariableDeclarationKind, YieldExpression,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType};
use oxc_syntax::scope::ScopeFlags;

/// The source with its suspension points edited. One that has none, or that does not parse, is
/// returned as it is: the engine will say what is wrong with it.
pub(crate) fn rewrite(source: &str, source_type: SourceType) -> Option<String> {
    let suspends = source.contains("await") || source.contains("async") && source.contains("yield");
    if !suspends {
        return None;
    }
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, source_type).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return None;
    }
    let mut rewriter = Rewriter { source, edits: Vec::new(), frames: Vec::new(), labelled: None };
    rewriter.visit_program(&parsed.program);
    let changed = rewriter.edits.iter().any(|edit| !edit.text.is_empty());
    changed.then(|| apply(source, rewriter.edits))
}

/// Text that takes the place of `start..end`.
struct Edit {
    start: u32,
    end: u32,
    text: String,
}

fn apply(source: &str, mut edits: Vec<Edit>) -> String {
    // Stable: at one place, what was found first stands first.
    edits.sort_by_key(|edit| edit.start);
    let mut out = String::with_capacity(source.len() + edits.len() * 40);
    let mut at = 0;
    for edit in edits {
        out.push_str(&source[at..edit.start as usize]);
        out.push_str(&edit.text);
        at = edit.end as usize;
    }
    out.push_str(&source[at..]);
    out
}

/// The function, or module, whose code is being visited.
struct Frame {
    is_async: bool,
    is_generator: bool,
    /// Where its variables are declared: an edit that is filled in at its end. Functions without
    /// a block body have none; they cannot catch either.
    declaration: Option<usize>,
    /// Whether `__ocgC` is used.
    suspends: bool,
    /// Number of regions so far: `for await` loops and blocks with `await using`, which suspend
    /// where no `await` is written.
    regions: usize,
    /// Those around the code being visited, innermost last.
    open_regions: Vec<usize>,
}

impl Frame {
    /// What `__ocgC` goes back to when an `await` has ended well.
    fn settled(&self) -> String {
        match self.open_regions.last() {
            Some(number) => format!("__ocgL{number}"),
            None => "undefined".into(),
        }
    }

    fn open_region(&mut self) -> usize {
        self.suspends = true;
        self.regions += 1;
        self.open_regions.push(self.regions);
        self.regions
    }
}

struct Rewriter<'s> {
    source: &'s str,
    edits: Vec<Edit>,
    frames: Vec<Frame>,
    /// Start of a `for await` loop that is wrapped together with its label.
    labelled: Option<u32>,
}

impl Rewriter<'_> {
    fn insert(&mut self, at: u32, text: impl Into<String>) {
        self.edits.push(Edit { start: at, end: at, text: text.into() });
    }

    fn replace(&mut self, start: u32, end: u32, text: impl Into<String>) {
        self.edits.push(Edit { start, end, text: text.into() });
    }

    fn enter(&mut self, is_async: bool, is_generator: bool, declare_at: Option<u32>) {
        let declaration = declare_at.filter(|_| is_async).map(|at| {
            self.insert(at, "");
            self.edits.len() - 1
        });
        self.frames.push(Frame {
            is_async,
            is_generator,
            declaration,
            suspends: false,
            regions: 0,
            open_regions: Vec::new(),
        });
    }

    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let Some(declaration) = frame.declaration else { return };
        if frame.suspends {
            let regions: String =
                (1..=frame.regions).map(|number| format!(", __ocgL{number}")).collect();
            self.edits[declaration].text = format!(";var __ocgC{regions};");
        }
    }

    fn frame(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut().filter(|frame| frame.is_async)
    }

    /// Begins `name(context, `: the rest follows with [`Self::resumed`].
    fn hold(&mut self, name: &str, how: &str) -> (String, String) {
        let Some(frame) = self.frames.last_mut() else { return Default::default() };
        if frame.declaration.is_none() {
            return (format!("{name}({how}("), ")".into());
        }
        frame.suspends = true;
        let settled = frame.settled();
        (format!("{name}(__ocgC = {how}("), format!(", __ocgC = {settled})"))
    }

    fn restore_in(&mut self, block_start: u32) {
        let Some(frame) = self.frame() else { return };
        if frame.declaration.is_none() {
            return;
        }
        frame.suspends = true;
        let settled = frame.settled();
        self.insert(block_start + 1, format!("__ocgC = __ocgRestore(__ocgC, {settled});"));
    }
}

impl<'a> Visit<'a> for Rewriter<'_> {
    fn visit_program(&mut self, program: &Program<'a>) {
        let first = program.body.first().map_or(0, |statement| statement.span().start);
        let at = after_directives(&program.directives).unwrap_or(first);
        self.enter(program.source_type.is_module(), false, Some(at));
        walk::walk_program(self, program);
        self.leave();
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        let at = function.body.as_ref().map(|body| body_start(body));
        self.enter(function.r#async, function.generator, at);
        walk::walk_function(self, function, flags);
        self.leave();
    }

    fn visit_arrow_function_expression(&mut self, function: &ArrowFunctionExpression<'a>) {
        let at = match &function.body {
            ArrowFunctionBody::FunctionBody(body) => Some(body_start(body)),
            _ => None,
        };
        self.enter(function.r#async, false, at);
        walk::walk_arrow_function_expression(self, function);
        self.leave();
    }

    fn visit_static_block(&mut self, block: &StaticBlock<'a>) {
        self.enter(false, false, None);
        walk::walk_static_block(self, block);
        self.leave();
    }

    fn visit_await_expression(&mut self, it: &AwaitExpression<'a>) {
        let (begin, end) = self.hold("__ocgResume", "__ocgHold");
        self.replace(it.span.start, it.span.start + "await".len() as u32, begin);
        self.visit_expression(&it.argument);
        self.insert(it.span.end, format!("), await __ocgHeld(){end}"));
    }

    fn visit_yield_expression(&mut self, it: &YieldExpression<'a>) {
        if self.frame().is_none() {
            return walk::walk_yield_expression(self, it);
        }
        let how = if it.delegate { "__ocgKeep" } else { "__ocgHold" };
        let (begin, end) = self.hold("__ocgYielded", how);
        let Some(argument) = &it.argument else {
            return self.replace(it.span.start, it.span.end, format!("{begin}), yield{end}"));
        };
        let star = if it.delegate { "*" } else { "" };
        let gap = &self.source[it.span.start as usize..argument.span().start as usize];
        let lines = "\n".repeat(gap.matches('\n').count());
        self.replace(it.span.start, argument.span().start, begin + &lines);
        self.visit_expression(argument);
        self.insert(it.span.end, format!("), yield{star} __ocgHeld(){end}"));
    }

    /// An async generator awaits what it returns, and its `finally` runs after that.
    fn visit_return_statement(&mut self, it: &ReturnStatement<'a>) {
        let generates = self.frame().is_some_and(|frame| frame.is_generator);
        let Some(argument) = it.argument.as_ref().filter(|_| generates) else {
            return walk::walk_return_statement(self, it);
        };
        let (begin, end) = self.hold("__ocgResume", "__ocgHold");
        self.insert(argument.span().start, begin);
        self.visit_expression(argument);
        self.insert(argument.span().end, format!("), await __ocgHeld(){end}"));
    }

    fn visit_try_statement(&mut self, it: &TryStatement<'a>) {
        self.visit_block_statement(&it.block);
        if let Some(handler) = &it.handler {
            self.visit_catch_clause(handler);
        }
        if let Some(finalizer) = &it.finalizer {
            self.restore_in(finalizer.span.start);
            self.visit_block_statement(finalizer);
        }
    }

    fn visit_catch_clause(&mut self, it: &CatchClause<'a>) {
        if let Some(parameter) = &it.param {
            self.visit_catch_parameter(parameter);
        }
        self.restore_in(it.body.span.start);
        self.visit_block_statement(&it.body);
    }

    /// The end of a block waits for what `await using` declared in it.
    fn visit_block_statement(&mut self, it: &BlockStatement<'a>) {
        let disposes = it.body.iter().any(|statement| {
            matches!(statement, Statement::VariableDeclaration(declaration)
                if declaration.kind == VariableDeclarationKind::AwaitUsing)
        });
        let Some(frame) = self.frame().filter(|_| disposes) else {
            return walk::walk_block_statement(self, it);
        };
        let number = frame.open_region();
        let keep = format!("__ocgC = __ocgL{number} = __ocgCapture();{{");
        self.insert(it.span.start + 1, keep);
        walk::walk_block_statement(self, it);
        self.insert(it.span.end - 1, "}");
        self.close_region(it.span.end - 1, "");
    }

    fn visit_labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        let mut inner = &it.body;
        while let Statement::LabeledStatement(label) = inner {
            inner = &label.body;
        }
        match inner {
            Statement::ForOfStatement(looped) if looped.r#await && self.labelled.is_none() => {
                // The label must stay next to its loop: both go into one block.
                self.labelled = Some(looped.span.start);
                self.insert(it.span.start, "{");
                walk::walk_labeled_statement(self, it);
                self.close_region(it.span.end, "}");
                self.labelled = None;
            }
            _ => walk::walk_labeled_statement(self, it),
        }
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        if !it.r#await || self.frame().is_none() {
            return walk::walk_for_of_statement(self, it);
        }
        let labelled = self.labelled.take() == Some(it.span.start);
        if !labelled {
            self.insert(it.span.start, "{");
        }
        self.visit_for_statement_left(&it.left);
        let before = it.right.span().start;
        self.insert(before, "");
        let begin = self.edits.len() - 1;
        self.visit_expression(&it.right);
        self.insert(it.right.span().end, "), __ocgHeld())");
        let Some(number) = self.frame().map(Frame::open_region) else { return };
        self.edits[begin].text = format!("(__ocgC = __ocgL{number} = __ocgKeep(");
        let restore = format!("__ocgRestore(__ocgC = __ocgL{number});");
        match &it.body {
            Statement::BlockStatement(block) => self.insert(block.span.start + 1, restore),
            body => self.insert(body.span().start, format!("{{{restore}")),
        }
        self.visit_statement(&it.body);
        if !matches!(it.body, Statement::BlockStatement(_)) {
            self.insert(it.body.span().end, "}");
        }
        if !labelled {
            self.close_region(it.span.end, "}");
        }
    }
}

impl Rewriter<'_> {
    fn close_region(&mut self, at: u32, end: &str) {
        let Some(frame) = self.frame() else { return };
        let Some(number) = frame.open_regions.pop() else { return };
        let settled = frame.settled();
        self.insert(at, format!("__ocgC = __ocgRestore(__ocgL{number}, {settled});{end}"));
    }
}

/// Where the statements of a function's body begin.
fn body_start(body: &FunctionBody<'_>) -> u32 {
    after_directives(&body.directives).unwrap_or(body.span.start + 1)
}

fn after_directives(directives: &[Directive<'_>]) -> Option<u32> {
    directives.last().map(|directive| directive.span.end)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn rewritten(source: &str) -> String {
        let out = rewrite(source, SourceType::mjs()).unwrap_or_else(|| source.to_owned());
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, &out, SourceType::mjs()).parse();
        assert!(
            !parsed.panicked && parsed.diagnostics.is_empty(),
            "{:?}\n{out}",
            parsed.diagnostics
        );
        assert_eq!(out.lines().count(), source.lines().count(), "{out}");
        out
    }

    #[test]
    fn every_form_is_edited_in_its_place() {
        let forms = [
            "await a;",
            "const f = async (x) => await x(await y);",
            "async function f() { 'use strict'; return await a; }",
            "async function f() { try { await a } catch { b } finally { c } }",
            "async function f() { for await (const x of y) g(x) }",
            "async function f() { if (a) b: for await (const x of await y) { continue b } }",
            "async function* f() { const x = yield\n; yield* /* \n */ g; return 1 }",
            "async function f() { { await using x = y } z() }",
            "function f() { try {} catch {} } const g = function* () { yield 1 }; async () => {}",
        ];
        insta::assert_snapshot!(forms.map(rewritten).join("\n"));
    }

    #[test]
    fn a_source_without_suspension_or_with_errors_is_left_alone() {
        for source in
            ["const x = 1;", "const awaited = async () => 1;", "await (", "var await = 1;"]
        {
            assert_eq!(rewrite(source, SourceType::mjs()), None, "{source}");
        }
    }

    /// `OCG_TEST_PACKAGES=<folders, separated by colons>`: every file in them is rewritten.
    #[test]
    fn real_packages_rewrite() {
        let Some(folders) = std::env::var_os("OCG_TEST_PACKAGES") else { return };
        let mut counts = (0, 0);
        for folder in std::env::split_paths(&folders) {
            rewrite_all(&folder, &mut counts);
        }
        assert!(counts.0 > 0 && counts.1 > 0, "no sources");
    }

    fn rewrite_all(folder: &Path, counts: &mut (usize, usize)) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if path.is_dir() {
                rewrite_all(&path, counts);
            } else if matches!(extension, Some("js" | "mjs" | "cjs"))
                && let Ok(source) = super::super::source::read(&path)
                && parses(&source, SourceType::mjs())
            {
                counts.0 += 1;
                let out = rewrite(&source, SourceType::mjs());
                let out = out.inspect(|_| counts.1 += 1).unwrap_or_else(|| source.clone());
                assert!(parses(&out, SourceType::mjs()), "{}", path.display());
                assert_eq!(out.matches('\n').count(), source.matches('\n').count());
            }
        }
    }

    fn parses(source: &str, kind: SourceType) -> bool {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, source, kind).parse();
        !parsed.panicked && parsed.diagnostics.is_empty()
    }
}
