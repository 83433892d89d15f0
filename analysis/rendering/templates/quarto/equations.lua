-- Equations as the embedded renderer writes them: their number beside them (HTML) or in a label (JATS), and in Typst the
-- formula as TeX for its alternative text, without which a PDF is not PDF/UA.

local function split(span)
  local math = span.content[1]
  if span.identifier:match("^eq%-") and math and math.t == "Math" then
    local tex, number = math.text:match("^%s*(.-)%s*\\qquad%s*(%(%S+%))%s*$")
    return tex, number
  end
end

local function numbered(span)
  local tex, number = split(span)
  if not tex then
    return nil
  elseif FORMAT:match("html") then
    local math = pandoc.Math("DisplayMath", tex)
    local mark = pandoc.Span(number, pandoc.Attr("", { "number" }))
    return pandoc.Span({ math, mark }, pandoc.Attr(span.identifier, { "equation" }))
  end
  local xml = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ pandoc.Math("DisplayMath", tex) }) }), "jats")
  local start = ('<disp-formula id="%s"><label>%s</label>'):format(span.identifier, number)
  return pandoc.RawInline("jats", (xml:gsub("<disp%-formula>", function() return start end, 1)))
end

local function described(math)
  local alt = quarto.json.encode((math.text:gsub("^%s+", ""):gsub("%s+$", "")))
  return { pandoc.RawInline("typst", "#formula(" .. alt .. ")["), math, pandoc.RawInline("typst", "]") }
end

if FORMAT:match("typst") then
  return { { Math = described } }
elseif FORMAT:match("html") or FORMAT:match("jats") then
  return { { Span = numbered } }
end
return {}
