import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dialect as libsql } from "../../../../src/data/sql/dialects/libsql.ts";
import { dialect as mssql } from "../../../../src/data/sql/dialects/mssql.ts";
import { dialect as mysql } from "../../../../src/data/sql/dialects/mysql.ts";
import { dialect as oracle } from "../../../../src/data/sql/dialects/oracle.ts";
import { dialect as postgres } from "../../../../src/data/sql/dialects/postgres.ts";
import { parseQuery, renderQuery } from "../../../../src/data/sql/parameters.ts";

const dialects = { libsql, postgres, mysql, mssql, oracle };
type Name = keyof typeof dialects;
const names = Object.keys(dialects) as Name[];

/** Queries in which `:a` and such are parameters and `:no` never is. */
const everywhere: readonly (readonly [string, readonly string[]])[] = [
  ["select :a, :b_2, :a", ["a", "b_2"]],
  ["where x=:a and y>:b", ["a", "b"]],
  ["select 'it''s :no', :a", ["a"]],
  ['select "no :no""", :a', ["a"]],
  ["select 1 -- :no\n, :a", ["a"]],
  ["select 1 /* :no \n * :no */ , :a", ["a"]],
  ["select '12:30', 12:30", []],
  ["select 'open :no", []],
  ["select a/:b - -:c", ["b", "c"]],
  ["in (:a,:b)", ["a", "b"]],
  ["", []],
];

const own: Readonly<Record<Name, readonly (readonly [string, readonly string[]])[]>> = {
  libsql: [
    ["select `:no`, [x:no], :a", ["a"]],
    ["select '\\', :a", ["a"]],
    ["x like:a", ["a"]],
    ["select /* /* :no */ :a", ["a"]],
  ],
  postgres: [
    ["select x::text, :a::int", ["a"]],
    ["select E'it\\'s :no', e'\\\\', :a", ["a"]],
    ["select '\\', :a, name'", ["a"]],
    ["select $$ :no ' $$, $tag$ :no $$ :no $tag$, :a", ["a"]],
    ["select a$b$, :a, $b$ :no", ["a"]],
    ["select /* :no /* :no */ :no */ :a", ["a"]],
    ["select list[1:2], list[:a], list[low:high], list[f(1):n], list[:a:2]", ["a"]],
    ["select doc ? 'key', doc ?| array['x'], doc @> :a, @ -5", ["a"]],
    ["select U&'d\\0061 :no', B'1', :a", ["a"]],
    ["select f(x := :a)", ["a"]],
  ],
  mysql: [
    ["select 'it\\'s :no', \"a \\\" :no\", :a", ["a"]],
    ["select `no :no``:no`, :a", ["a"]],
    ["select 1 # :no ' \n, :a", ["a"]],
    ["select 5--:a", ["a"]],
    ["select 5 --\t:no\n, :a", ["a"]],
    ["select @x:=:a, @@session.sql_mode, @`v`", ["a"]],
    ["select /* /* :no */ :a", ["a"]],
  ],
  mssql: [
    ["select [a]]:no], [x:no], :a", ["a"]],
    ["select /* /* :no */ :no */ :a", ["a"]],
    ["declare @x int = 1; select @x, @@rowcount, #t.id, hierarchyid::Parse(:a)", ["a"]],
    ["select '\\', :a", ["a"]],
  ],
  oracle: [
    ["select q'[it's :no]', nq'{:no}', Q'!:no'!', :a", ["a"]],
    ["select q'(:no)', q'<:no>', seq', :no', :a", ["a"]],
    ["select name#1, v$session, :a from dual", ["a"]],
    ["begin x := :a; end;", ["a"]],
  ],
};

/** What renders the query of a test as the client takes it. */
const rendered = (name: Name, query: string) => renderQuery(parseQuery(query, dialects[name].lexicon), dialects[name]);

describe.each(names)("queries of %s", (name) => {
  const { lexicon } = dialects[name];

  it.each(everywhere)("has in %j the parameters %j", (query, found) => {
    expect(parseQuery(query, lexicon).names).toEqual(found);
  });

  it.each(own[name])("has in %j the parameters %j", (query, found) => {
    expect(parseQuery(query, lexicon)).toMatchObject({ names: found, others: [] });
  });

  it("takes time that grows with the query, not with its square", () => {
    expect(parseQuery(`select '${"'' :no ".repeat(200_000)}', :a`, lexicon).names).toEqual(["a"]);
    expect(parseQuery(`select ${"a:: + ".repeat(100_000)} :a`, lexicon).names).toEqual(["a"]);
    expect(parseQuery(`${"/* ".repeat(200_000)}*/ :a`, lexicon).names.length).toBeLessThan(2);
  });

  it("keeps all of the text, and finds every parameter between pieces that hide one", () => {
    const hiding: Readonly<Record<Name, readonly string[]>> = {
      libsql: ["'a '' :no'", '":no"', "`:no`", "[:no]", "-- :no\n", "/* ' :no */", "::", "1", "=", "x "],
      postgres: [
        "':no\\'",
        "E'\\' :no'",
        '":no"',
        "$$ ' :no $$",
        "$q$ :no $$ $q$",
        "/* /* */ :no */",
        "::text",
        "-- '\n",
        "@>",
        "?",
      ],
      mysql: ["'\\' :no'", '"\\" :no"', "`:no`", "# :no ' \n", "-- :no\n", "/* :no */", "@v := ", "1 -", "@@x"],
      mssql: ["':no\\'", "[a]]:no]", '":no"', "/* /* */ :no */", "-- :no\n", "@v ", "t::f", "#t "],
      oracle: ["':no\\'", "q'[' :no]'", "nq'!' :no!'", '":no"', "-- :no\n", "/* :no */", " := ", "v$x "],
    };
    const piece = fc.oneof(
      fc.constantFrom(...hiding[name]).map((text) => ({ text })),
      fc.constantFrom("a", "b_1", "C").map((parameter) => ({ parameter })),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const query = pieces.map((part) => ("text" in part ? part.text : `:${part.parameter}`)).join(" ");
        const used = pieces.flatMap((part) => ("parameter" in part ? [part.parameter] : []));
        const parsed = parseQuery(query, lexicon);
        expect(parsed.uses).toEqual(used);
        const { sql, order } = renderQuery(parsed, dialects[name]);
        const positions = dialects[name].repeats
          ? used.map((_, i) => i)
          : used.map((one) => [...new Set(used)].indexOf(one));
        let next = 0;
        const expected = pieces.map((part) =>
          "text" in part ? part.text : dialects[name].placeholder((positions[next++] ?? 0) + 1),
        );
        expect(sql).toBe(expected.join(" "));
        expect(order).toEqual(dialects[name].repeats ? used : [...new Set(used)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("parameters", () => {
  it("go to each client in its form", () => {
    const query = "select :a, ':a', :b, :a";
    expect(rendered("libsql", query)).toEqual({ sql: "select ?1, ':a', ?2, ?1", order: ["a", "b"] });
    expect(rendered("postgres", query)).toEqual({ sql: "select $1, ':a', $2, $1", order: ["a", "b"] });
    expect(rendered("mysql", query)).toEqual({ sql: "select ?, ':a', ?, ?", order: ["a", "b", "a"] });
    expect(rendered("mssql", query)).toEqual({ sql: "select @p1, ':a', @p2, @p1", order: ["a", "b"] });
    expect(rendered("oracle", query)).toEqual({ sql: "select :p1, ':a', :p2, :p1", order: ["a", "b"] });
  });

  it.each([
    ["libsql", "select ?, ?2, @b, $c, :1, 'no ?', user$name", ["?", "?2", "@b", "$c", ":1"]],
    ["postgres", "select $1, '$2', doc ? 'a'", ["$1"]],
    ["mysql", "select ?, '?', :1", ["?", ":1"]],
    ["mssql", "select ?, :1", ["?", ":1"]],
    ["oracle", "select ?, :1", ["?", ":1"]],
  ] as const)("of %s in other forms are found", (name, query, others) => {
    expect(parseQuery(query, dialects[name].lexicon).others).toEqual(others);
  });
});
