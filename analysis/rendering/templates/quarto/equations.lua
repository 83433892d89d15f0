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
  local inner = xml:match("<disp%-formula>(.*</disp%-formula>)")
  return pandoc.RawInline("jats", ('<disp-formula id="%s"><label>%s</label>'):format(span.identifier, number) .. inner)
end

local function opening(math)
  return "#formula(" .. quarto.json.encode((math.text:gsub("^%s+", ""):gsub("%s+$", ""))) .. ")["
end

local function raw(text)
  return pandoc.RawInline("typst", text)
end

local function is_raw(inline, pattern)
  return inline and inline.t == "RawInline" and inline.text:match(pattern)
end

-- Quarto sets a numbered formula between pieces of Typst: the description is for all of that.
local function described(inlines)
  local made = pandoc.Inlines({})
  local closing = false
  for n, inline in ipairs(inlines) do
    if is_raw(inline, "^#math%.equation%(") and inlines[n + 1] and inlines[n + 1].t == "Math" then
      made:insert(raw(opening(inlines[n + 1]) .. inline.text))
      closing = true
    elseif inline.t == "Math" and not closing then
      made:extend({ raw(opening(inline)), inline, raw("]") })
    elseif closing and is_raw(inline, "<eq%-") then
      made:insert(raw(inline.text .. "]"))
      closing = false
    else
      made:insert(inline)
    end
  end
  return made
end

if FORMAT:match("typst") then
  return { { Inlines = described } }
elseif FORMAT:match("html") or FORMAT:match("jats") then
  return { { Span = numbered } }
end
return {}
