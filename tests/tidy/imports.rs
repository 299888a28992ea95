//! Which file names items of which other: every file of `src` is parsed, and each path in it is followed to the file that defines the item.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Meta, UseTree, Visibility};

use crate::items::{Locals, attributes, defined, is_type, only_in_tests, written_path};

/// The names from the root of the package to a module or item.
pub type Names = Vec<String>;

/// What a module holds, under its names from the root.
#[derive(Default)]
struct Module {
    file: PathBuf,
    items: HashSet<String>,
    types: HashSet<String>,
    imports: HashMap<String, Names>,
    globs: Vec<Names>,
    children: HashSet<String>,
}

/// A path as it stands in a file.
struct Reference {
    file: PathBuf,
    line: usize,
    module: Names,
    path: Names,
    in_test: bool,
    reexport: bool,
}

/// A file names an item that another defines.
#[derive(Clone, Debug)]
pub struct Import {
    pub from: PathBuf,
    pub line: usize,
    /// The path as it is written.
    pub path: String,
    /// The modules that the path goes through.
    pub through: Vec<Names>,
    /// The file that defines the item.
    pub to: PathBuf,
    pub item: String,
    /// It stands in a module or item that only tests have.
    pub in_test: bool,
    /// A module re-exports an item of a module inside it.
    pub of_child: bool,
}

/// All files of the package, parsed.
#[derive(Default)]
pub struct Package {
    modules: HashMap<Names, Module>,
    references: Vec<Reference>,
}

impl Package {
    /// The package whose root module is `src/lib.rs` under the folder `root`; the files are named from that folder.
    pub fn read(root: &Path) -> Package {
        let mut package = Package::default();
        package.file(root, Path::new("src/lib.rs"), Path::new("src"), &Vec::new(), false);
        package
    }

    fn file(&mut self, root: &Path, file: &Path, folder: &Path, names: &Names, in_test: bool) {
        let text = fs::read_to_string(root.join(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.items(&Place { root, file, folder }, names, in_test, &parsed.items);
    }

    fn items(&mut self, place: &Place<'_>, names: &Names, in_test: bool, items: &[Item]) {
        let module = self.modules.entry(names.clone()).or_default();
        if module.file.as_os_str().is_empty() {
            module.file = place.file.to_path_buf();
        }
        for item in items {
            if let Some(name) = defined(item) {
                let module = self.modules.get_mut(names).expect("just made");
                if is_type(item) && !in_test && !only_in_tests(attributes(item)) {
                    module.types.insert(name.clone());
                }
                module.items.insert(name);
            }
            if let Item::Mod(inner) = item {
                self.module(place, names, in_test || only_in_tests(&inner.attrs), inner);
                continue;
            }
            let mut paths = Paths { package: self, place, names, in_test, locals: Vec::new() };
            paths.visit_item(item);
        }
    }

    fn module(&mut self, place: &Place<'_>, names: &Names, in_test: bool, inner: &ItemMod) {
        let name = inner.ident.to_string();
        self.modules.get_mut(names).expect("just made").children.insert(name.clone());
        let within = [names.as_slice(), std::slice::from_ref(&name)].concat();
        let folder = place.folder.join(&name);
        match (&inner.content, written_path(&inner.attrs)) {
            (Some((_, items)), _) => self.items(&Place { folder: &folder, ..*place }, &within, in_test, items),
            (None, Some(path)) => {
                let beside = place.file.parent().expect("a file lies in a folder");
                self.file(place.root, &beside.join(path), &folder, &within, in_test);
            }
            (None, None) => self.file(place.root, &folder.with_extension("rs"), &folder, &within, in_test),
        }
    }

    /// The types, traits and aliases of all modules but those of tests, each with the file that defines it.
    pub fn types(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.modules.values().flat_map(|module| module.types.iter().map(|name| (name.as_str(), module.file.as_path())))
    }

    /// Every path that leads into another file.
    pub fn imports(&self) -> Vec<Import> {
        self.references.iter().filter_map(|reference| self.import(reference)).collect()
    }

    fn import(&self, reference: &Reference) -> Option<Import> {
        let mut through = Vec::new();
        let (module, item) = self.resolve(&reference.module, &reference.path, &mut through)?;
        let to = self.modules[&module].file.clone();
        (to != reference.file).then(|| Import {
            from: reference.file.clone(),
            line: reference.line,
            path: reference.path.join("::"),
            through,
            to,
            item,
            in_test: reference.in_test,
            of_child: reference.reexport && module.starts_with(&reference.module),
        })
    }

    /// The module and name of the item that a path written in the module `at` names. None: another package's, or no item.
    fn resolve(&self, at: &[String], path: &[String], through: &mut Vec<Names>) -> Option<(Names, String)> {
        assert!(through.len() < 64, "{path:?} in {at:?} leads round in a circle");
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.walk(&[], rest, through),
            "self" => self.walk(at, rest, through),
            "super" => {
                let parent = &at[..at.len().checked_sub(1)?];
                match rest.first().is_some_and(|name| name == "super") {
                    true => self.resolve(parent, rest, through),
                    false => self.walk(parent, rest, through),
                }
            }
            _ => self.walk(at, path, through),
        }
    }

    fn walk(&self, at: &[String], path: &[String], through: &mut Vec<Names>) -> Option<(Names, String)> {
        let (name, rest) = path.split_first()?;
        let module = self.modules.get(at)?;
        through.push(at.to_vec());
        if !rest.is_empty() && module.children.contains(name) {
            return self.walk(&[at, std::slice::from_ref(name)].concat(), rest, through);
        }
        if module.items.contains(name) {
            return Some((at.to_vec(), name.clone()));
        }
        if let Some(import) = module.imports.get(name) {
            let whole = [import.as_slice(), rest].concat();
            // `use name::name` of another package would lead here again.
            return if import.first() == Some(name) && !module.children.contains(name) {
                None
            } else {
                self.resolve(at, &whole, through)
            };
        }
        module.globs.iter().find_map(|glob| self.resolve(at, &[glob.as_slice(), path].concat(), through))
    }
}

/// Where a module is written: the files lie under `root`, those of the modules inside it in `folder`.
#[derive(Clone, Copy)]
struct Place<'a> {
    root: &'a Path,
    file: &'a Path,
    folder: &'a Path,
}

/// Collects the paths of one item of a module.
struct Paths<'a> {
    package: &'a mut Package,
    place: &'a Place<'a>,
    names: &'a Names,
    in_test: bool,
    /// The variables of the functions around, which hide functions of the module.
    locals: Vec<HashSet<String>>,
}

impl Paths<'_> {
    fn add(&mut self, path: &[&Ident], reexport: bool) {
        let names: Names = path.iter().map(|name| name.to_string()).collect();
        if names.len() == 1 && self.locals.iter().any(|locals| locals.contains(&names[0])) {
            return;
        }
        self.package.references.push(Reference {
            file: self.place.file.to_path_buf(),
            line: path[0].span().start().line,
            module: self.names.clone(),
            path: names,
            in_test: self.in_test,
            reexport,
        });
    }

    fn tree<'t>(&mut self, tree: &'t UseTree, before: &mut Vec<&'t Ident>, reexport: bool) {
        let module = self.package.modules.get_mut(self.names).expect("the module is entered before its items");
        let names = |path: &[&Ident]| path.iter().map(|name| name.to_string()).collect::<Names>();
        match tree {
            UseTree::Path(path) => {
                before.push(&path.ident);
                self.tree(&path.tree, before, reexport);
                before.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before, reexport)),
            UseTree::Glob(_) if ["crate", "self", "super"].iter().any(|root| before[0] == root) => {
                module.globs.push(names(before));
            }
            UseTree::Glob(_) => {}
            UseTree::Name(name) if name.ident == "self" => {
                let last = before.last().expect("`self` stands in a list").to_string();
                module.imports.insert(last, names(before));
            }
            UseTree::Name(name) => {
                let path = [before.as_slice(), &[&name.ident]].concat();
                module.imports.insert(name.ident.to_string(), names(&path));
                self.add(&path, reexport);
            }
            UseTree::Rename(name) => {
                let path = [before.as_slice(), &[&name.ident]].concat();
                module.imports.insert(name.rename.to_string(), names(&path));
                self.add(&path, reexport);
            }
        }
    }

    /// The paths among the tokens of a macro call or an attribute.
    fn tokens(&mut self, tokens: TokenStream, shortest: usize) {
        let mut path: Vec<Ident> = Vec::new();
        let (mut colons, mut after_dot) = (0, false);
        for token in tokens {
            match &token {
                TokenTree::Ident(name) if colons == 2 || path.is_empty() && !after_dot => path.push(name.clone()),
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.finish(&mut path, shortest);
                    if let (TokenTree::Ident(name), false) = (other, after_dot) {
                        path.push(name.clone());
                    }
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream(), shortest);
                    }
                }
            }
            colons = 0;
            after_dot = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '.');
        }
        self.finish(&mut path, shortest);
    }

    fn finish(&mut self, path: &mut Vec<Ident>, shortest: usize) {
        if path.len() >= shortest.max(1) {
            self.add(&path.iter().collect::<Vec<_>>(), false);
        }
        path.clear();
    }

    fn function(&mut self, attributes: &[Attribute], inside: impl Fn(&mut Self), locals: Locals) {
        let before = self.in_test;
        self.in_test |= only_in_tests(attributes);
        self.locals.push(locals.0);
        inside(self);
        self.locals.pop();
        self.in_test = before;
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let before = self.in_test;
        self.in_test |= only_in_tests(attributes(item));
        visit::visit_item(self, item);
        self.in_test = before;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let reexport = !matches!(item.vis, Visibility::Inherited);
        self.tree(&item.tree, &mut Vec::new(), reexport);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.add(&path.segments.iter().map(|segment| &segment.ident).collect::<Vec<_>>(), false);
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone(), 2);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone(), 1);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let mut locals = Locals::default();
        locals.visit_item_fn(function);
        self.function(&function.attrs, |this| visit::visit_item_fn(this, function), locals);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let mut locals = Locals::default();
        locals.visit_impl_item_fn(function);
        self.function(&function.attrs, |this| visit::visit_impl_item_fn(this, function), locals);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        let mut locals = Locals::default();
        locals.visit_trait_item_fn(function);
        self.function(&function.attrs, |this| visit::visit_trait_item_fn(this, function), locals);
    }
}
