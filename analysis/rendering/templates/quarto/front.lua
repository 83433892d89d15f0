-- What stands before the article's text, as the templates of the embedded renderer take it. It is in a file
-- beside the document (article.front.json), which before_quarto.py has written; without it the authors are named only.

local function stored()
  local name = pandoc.path.split_extension(pandoc.path.filename(quarto.doc.input_file))
  local file = io.open(name .. ".front.json", "r")
  if file then
    local text = file:read("a")
    file:close()
    return quarto.json.decode(text)
  end
end

local function names_of(meta)
  local byline = pandoc.List({})
  for _, author in ipairs(meta["by-author"] or {}) do
    byline:insert({ name = pandoc.utils.stringify(author.name.literal), lines = {} })
  end
  return { byline = byline, details = {} }
end

local function quoted(text)
  return pandoc.Inlines({ pandoc.RawInline("typst", quarto.json.encode(text)) })
end

local function words(text)
  return pandoc.Inlines({ pandoc.Str(text) })
end

-- Text stays text, but an address is a string of Typst there.
local function as_metadata(value, key)
  if type(value) == "string" then
    return key == "address" and FORMAT:match("typst") and quoted(value) or words(value)
  elseif type(value) ~= "table" then
    return value
  end
  local made = {}
  for name, inner in pairs(value) do
    made[name] = as_metadata(inner, name)
  end
  return next(value) and #value == 0 and made or pandoc.MetaList(made)
end

local function styled(style, content)
  return pandoc.Div(content, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

-- The pieces of a line, those with an address as links.
local function line_of(pieces, between)
  local line = pandoc.Inlines({})
  for n, piece in ipairs(pieces) do
    line:extend(n > 1 and { pandoc.Str(between) } or {})
    line:insert(piece.address and pandoc.Link(piece.text, piece.address) or pandoc.Str(piece.text))
  end
  return line
end

local function labelled(style, label, inlines)
  local line = pandoc.Inlines({ pandoc.Strong(label), pandoc.Space() })
  line:extend(inlines)
  return styled(style, { pandoc.Para(line) })
end

local function strings(values)
  return pandoc.List(values or {}):map(pandoc.utils.stringify)
end

-- Affiliations, date, abstract, keywords, details and licence as paragraphs in styles of the reference document.
local function word_front(meta, front)
  local blocks = pandoc.Blocks({})
  for _, author in ipairs(front.byline) do
    local pieces = pandoc.List({})
    for _, line in ipairs(author.lines) do
      pieces:extend(line.pieces)
    end
    if #pieces > 0 then
      local said = pandoc.Inlines(#front.byline > 1 and { pandoc.Str(author.name .. ": ") } or {})
      said:extend(line_of(pieces, "; "))
      blocks:insert(styled("Affiliation", { pandoc.Para(said) }))
    end
  end
  if front.date then
    meta.date = nil
    blocks:extend(front.date ~= "" and { styled("Date", { pandoc.Para(front.date) }) } or {})
  end
  if meta.abstract then
    blocks:insert(styled("Abstract Title", { pandoc.Para("Abstract") }))
    blocks:insert(styled("Abstract", quarto.utils.as_blocks(meta.abstract)))
    meta.abstract = nil
  end
  if meta.keywords then
    blocks:insert(labelled("Keywords", "Keywords", { pandoc.Str(table.concat(strings(meta.keywords), "; ")) }))
  end
  for _, detail in ipairs(front.details) do
    blocks:insert(labelled("Details", detail.label, line_of(detail.pieces, " ")))
  end
  if meta.license then
    local address = "https://creativecommons.org/licenses/by/4.0/"
    blocks:insert(labelled("Details", "Licence", { pandoc.Link("CC BY 4.0", address) }))
  end
  return blocks
end

local function typst_strings(meta, front)
  meta["author-strings"] = pandoc.List(front.byline):map(function(author)
    return quoted(author.name)
  end)
  meta["keyword-strings"] = strings(meta.keywords):map(quoted)
  meta["running-title"] = quoted(pandoc.utils.stringify(meta.title))
  for _, side in ipairs({ "x", "y" }) do
    meta["margin-" .. side] = meta.margin and meta.margin[side] or "25mm"
  end
end

return {
  {
    Pandoc = function(doc)
      local front = stored() or names_of(doc.meta)
      doc.meta.front = as_metadata(front)
      if FORMAT:match("docx") then
        local blocks = word_front(doc.meta, front)
        blocks:extend(doc.blocks)
        doc.blocks = blocks
      elseif FORMAT:match("typst") then
        typst_strings(doc.meta, front)
      elseif FORMAT:match("html") then
        doc.meta["description-meta"] = pandoc.utils.stringify(doc.meta.abstract or "")
      end
      return doc
    end,
  },
}
