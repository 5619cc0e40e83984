import { describe, expect, it } from "vitest";
import { parseQuery } from "../../../../src/data/sql/parameters.ts";

describe("parseQuery", () => {
  it.each([
    ["select :a, :b_2, :a", ["a", "b_2"]],
    ["where x=:a and y>:b", ["a", "b"]],
    ["select 'it''s :no', :a", ["a"]],
    ['select "no :no""", `:no`, [x:no], :a', ["a"]],
    ["select 1 -- :no\n, :a", ["a"]],
    ["select 1 /* :no \n * :no */ , :a", ["a"]],
    ["select x::text, :a::int", ["a"]],
    ["select '12:30', 12:30", []],
    ["select 'open :no", []],
    ["select a/:b - -:c", ["b", "c"]],
    ["", []],
  ])("finds the names in %j", (query, names) => {
    expect(parseQuery(query).names).toEqual(names);
  });

  it("finds parameters in other forms", () => {
    expect(parseQuery("select ?, ?2, @b, $c, 'no ?', user$name, a@b").others).toEqual(["?", "?2", "@b", "$c", "@b"]);
  });

  it("takes time that grows with the query, not with its square", () => {
    expect(parseQuery(`select '${"'' :no ".repeat(200_000)}', :a`).names).toEqual(["a"]);
    expect(parseQuery(`${"/* ".repeat(200_000)}*/ :a`).names).toEqual(["a"]);
  });
});
