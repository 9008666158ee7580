import { compare } from "../../../core/diff/compare.ts";
import { answer } from "./captures.ts";

const typed = (type: string) => (body: string) => answer({ headers: [["content-type", type]], body });
const html = typed("text/html; charset=utf-8");
const xml = typed("application/xml");
const differ = (left: ReturnType<typeof html>, right: ReturnType<typeof html>): string[] => {
  const { divergences, undecided } = compare(left, right);
  expect(undecided).toBeNull();
  return divergences.map(({ place, kind }) => `${place} ${kind}`);
};

describe("HTML: equal", () => {
  test.each([
    ["names in another case", "<P CLASS=a>x</P>", '<p class="a">x</p>'],
    ["order and quotes of attributes", "<a href='x' id=y>", '<a id="y" href="x">'],
    ["an attribute without a value", "<input disabled>", '<input disabled="">'],
    ["an attribute value in references", '<a title="&quot;&#x41;&amp;">', "<a title='\"A&amp;'>"],
    ["white space between blocks", "<div>\n  <p>a</p>\n\n  <p>b</p>\n</div>\n", "<div><p>a</p><p>b</p></div>"],
    ["runs of white space", "<p>a  \n b</p>", "<p>a b</p>"],
    ["white space at the edge of a block", "<p> a </p>", "<p>a</p>"],
    [
      "end tags that may be left out",
      "<ul><li>a<li>b</ul><p>c<div>d</div>",
      "<ul><li>a</li><li>b</li></ul><p>c</p><div>d</div>",
    ],
    [
      "rows",
      "<table><tr><td>a<td>b<tr><td>c</table>",
      "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
    ],
    ["void elements", "<p>a<br>b<img src=x></p>", '<p>a<br/>b<img src="x" /></p>'],
    ["references", "<p>&lt;&#60;&#x3c; &amp; &nbsp;</p>", "<p>&#60;&lt;&lt; &#38; \u00a0</p>"],
    ["an ampersand by itself", "<p>a & b</p>", "<p>a &amp; b</p>"],
    ["foreign elements that close themselves", "<svg><path d='x'/></svg>", '<svg><path d="x"></path></svg>'],
  ])("%s", (_, left, right) => {
    expect(differ(html(left), html(right))).toEqual([]);
    expect(differ(html(right), html(left))).toEqual([]);
  });
});

describe("HTML: different", () => {
  test.each<[string, string, string, string[]]>([
    [
      "text",
      "<html><head><title>a</title></head></html>",
      "<html><head><title>b</title></head></html>",
      ["body/html/head/title value"],
    ],
    ["an attribute", "<a href=x>y</a>", "<a href=z>y</a>", ["body/a/@href value"]],
    ["an attribute that went away", "<a href=x id=y>", "<a id=y>", ["body/a/@href removed"]],
    ["an attribute that came", "<a>", "<a b>", ["body/a/@b added"]],
    ["an element that went away", "<div><b>x</b><i>y</i></div>", "<div><i>y</i></div>", ["body/div/b removed"]],
    ["an element that came", "<div></div>", "<div><b>x</b></div>", ["body/div/b added"]],
    ["one more of a name", "<ul><li>a</ul>", "<ul><li>a<li>b</ul>", ["body/ul/li length"]],
    ["siblings share their place", "<ul><li>a<li>b<li>c</ul>", "<ul><li>a<li>x<li>y</ul>", ["body/ul/li value"]],
    ["another order", "<ul><li>a<li>b<li>c</ul>", "<ul><li>c<li>a<li>b</ul>", ["body/ul order"]],
    ["text beside elements", "<p>a<b>x</b>c</p>", "<p>ac<b>x</b></p>", ["body/p value"]],
    ["another element", "<div><b>x</b></div>", "<div><i>x</i></div>", ["body/div/b removed", "body/div/i added"]],
    ["white space in line", "<b>a</b> <b>b</b>", "<b>a</b><b>b</b>", ["body value"]],
    ["white space in pre", "<pre>a  b</pre>", "<pre>a b</pre>", ["body/pre value"]],
    ["white space in a script", "<script>a  b</script>", "<script>a b</script>", ["body/script value"]],
    ["tags in a script are text", "<script>'<b>'</script>", "<script>'<i>'</script>", ["body/script value"]],
    ["references in a script are text", "<script>&lt;</script>", "<script><</script>", ["body/script value"]],
    ["a reference and its text", "<p>&amp;lt;</p>", "<p>&lt;</p>", ["body/p value"]],
    ["a reference without an end", "<p>&amp;amp</p>", "<p>&amp</p>", ["body/p value"]],
    ["a comment", "<p><!--a--></p>", "<p><!--b--></p>", ["body/p/#comment value"]],
    ["a document type", "<!doctype html><p>", "<p>", ["body/#doctype removed"]],
    ["a stray end tag", "<p>a</i></p>", "<p>a</p>", ["body/p/#stray removed"]],
    ["crossed tags", "<b><i>x</b>y</i>", "<b><i>x</i></b>y", ["body/#stray removed", "body/b/#unclosed removed"]],
    ["an end that is missing", "<div>a", "<div>a</div>", ["body/#unclosed removed"]],
    ["a tag that is cut through", "<p>a</p><a href='", "<p>a</p>", ["body/#broken removed"]],
    ["an attribute that is there twice", "<a b=1 b=2>", "<a b=1>", ["body/a/@b value"]],
    ["its look", `<a b='["1","2"]'>`, "<a b=1 b=2>", ["body/a/@b value"]],
    ["text where an element was", "<p><b>x</b></p>", "<p>x</p>", ["body/p value", "body/p/b removed"]],
    ["no-break space", "<p>a\u00a0b</p>", "<p>a b</p>", ["body/p value"]],
  ])("%s", (_, left, right, expected) => {
    expect(differ(html(left), html(right)).sort()).toEqual(expected);
    expect(differ(html(right), html(left)).length).toBeGreaterThan(0);
  });

  test("both sides are shown as they are written", () => {
    const [it] = compare(html('<ul><li  class="a">x</ul>'), html("<ul></ul>")).divergences;
    expect(it).toEqual({ place: "body/ul/li", kind: "removed", left: '<li  class="a">x', right: "" });
  });
});

describe("XML", () => {
  test.each<[string, string, string, string[]]>([
    ["order of attributes, quotes", `<a b="1" c='2'/>`, '<a c="2" b="1"></a>', []],
    ["white space between elements", "<a>\n  <b/>\n  <c/>\n</a>", "<a><b/><c/></a>", []],
    ["white space in text", "<a> x </a>", "<a>x</a>", ["body/a value"]],
    ["white space that is all there is", "<a> </a>", "<a></a>", ["body/a value"]],
    [
      "white space that is to be kept",
      '<a xml:space="preserve"> <b/> </a>',
      '<a xml:space="preserve"><b/></a>',
      ["body/a value"],
    ],
    ["case of names", "<a/>", "<A/>", ["body/A added", "body/a removed"]],
    ["CDATA", "<a><![CDATA[<&]]></a>", "<a>&lt;&amp;</a>", []],
    ["line ends", "<a>x\r\ny</a>", "<a>x\ny</a>", []],
    ["an attribute", '<a><b c="1"/></a>', '<a><b c="2"/></a>', ["body/a/b/@c value"]],
    ["a declaration", '<?xml version="1.0"?><a/>', '<?xml version="1.1"?><a/>', ["body/?xml value"]],
    [
      "an entity is not what it stands for",
      '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
      '<!DOCTYPE a [<!ENTITY e "x">]><a>x</a>',
      ["body/a value"],
    ],
    [
      "another entity",
      '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
      '<!DOCTYPE a [<!ENTITY e "y">]><a>&e;</a>',
      ["body/#doctype value"],
    ],
    ["a prefix", "<n:a/>", "<m:a/>", ["body/m:a added", "body/n:a removed"]],
  ])("%s", (_, left, right, expected) => {
    expect(differ(xml(left), xml(right)).sort()).toEqual(expected);
  });

  test.each(["<a>", "<a></b>", "<a b></a>", "<a b=1/>", "<a/><b/>", "x<a/>", "<a b='1' b='2'/>", "<a"])(
    "%s is no XML",
    (text) => expect(differ(xml("<a/>"), xml(text))).toEqual(["body type"]),
  );
});

test("places: the text of each element, and each attribute", () => {
  const page = html("<html><head><title>a</title></head><body><p class=x>a<p class=y>b<hr></body></html>");
  // Status, content-type; title, p, p/@class, hr.
  expect(compare(page, page).places).toBe(1 + 1 + 4);
});
