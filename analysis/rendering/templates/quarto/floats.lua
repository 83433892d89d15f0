-- Figures, tables and callouts in the shapes that the embedded renderer writes, in place of Quarto's own: Quarto puts
-- them into tables without a heading row (DOCX), puts tables into figures (JATS), and loses alternative texts in both.
-- In Typst its own figures stay, as references to them need their counters; so do they in LaTeX, of which we have none.

local ours = FORMAT:match("html") or FORMAT:match("docx") or FORMAT:match("jats")

local function is_table(float)
  return float.identifier:match("^tbl%-") ~= nil
end

-- The caption of a float and its label ("Table 1:"), which Quarto sets before the caption.
local function caption_of(float)
  local own = quarto.utils.as_inlines(float.caption_long or pandoc.Plain({}))
  local count = #own
  local labelled = quarto.utils.as_inlines(quarto.doc.crossref.decorate_caption_with_crossref(float).caption_long)
  local label = pandoc.Inlines({})
  for n = 1, #labelled - count do
    label:insert(labelled[n])
  end
  if #label > 0 and label[#label].t == "Space" then
    label:remove(#label)
  end
  return label, own
end

-- The table or the image that some content is, inside divisions of cells; nothing where there is anything besides.
local function only(content, kind)
  local blocks = quarto.utils.as_blocks(content)
  local block = blocks[1]
  if #blocks ~= 1 then
    return nil
  elseif block.t == "Div" then
    return only(block.content, kind)
  elseif block.t == kind then
    return block
  elseif (block.t == "Para" or block.t == "Plain") and #block.content == 1 and block.content[1].t == kind then
    return block.content[1]
  end
end

local function labelled_caption(float)
  local label, words = caption_of(float)
  local mark
  if FORMAT:match("docx") then
    mark = pandoc.Strong(label)
  else
    mark = pandoc.Span(label, pandoc.Attr("", { "caption-label" }))
  end
  words:insert(1, pandoc.Space())
  words:insert(1, mark)
  return { pandoc.Plain(words) }, pandoc.utils.stringify(label):gsub(":$", "")
end

local function as_table(float, content)
  local caption, name = labelled_caption(float)
  content.caption = { long = caption }
  content.identifier = float.identifier
  if FORMAT:match("html") then
    -- A wide table scrolls by itself, and can be reached by keyboard to do so.
    local about = { { "tabindex", "0" }, { "role", "region" }, { "aria-label", name } } -- in one order in every run
    return pandoc.Div({ content }, pandoc.Attr("", { "wide" }, about))
  end
  return content
end

local marks = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

-- A chart of ours becomes a part of the page itself, so that its links work, and its drawing for narrow screens.
local function inlined(image, alt)
  local file = FORMAT:match("html") and image.src:match("%.svg$") and io.open(image.src, "rb")
  if not file then
    return image
  end
  local svg = file:read("a")
  file:close()
  if not svg:match("^<svg[^>]*>"):find('class="drawn"', 1, true) then
    return image
  end
  local role = svg:find("<a ", 1, true) and "group" or "img"
  local about = ('<svg role="%s" aria-label="%s" '):format(role, (alt:gsub('[&<>"]', marks)))
  return pandoc.RawInline("html", about .. svg:sub(#"<svg " + 1))
end

local function as_figure(float, image)
  local alt = image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
  image.attributes["fig-alt"] = nil
  image.caption = pandoc.Inlines(alt)
  image.identifier = ""
  return pandoc.Figure({ pandoc.Plain({ inlined(image, alt) }) }, { long = labelled_caption(float) }, pandoc.Attr(float.identifier))
end

local function supported(float)
  return ours and only(float.content, is_table(float) and "Table" or "Image") ~= nil
end

quarto._quarto.ast.add_renderer("FloatRefTarget", supported, function(float)
  if is_table(float) then
    return as_table(float, only(float.content, "Table"))
  end
  return as_figure(float, only(float.content, "Image"))
end)

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

quarto._quarto.ast.add_renderer("Callout", function(callout)
  local is_named = callout.attr ~= nil and callout.attr.identifier ~= "" -- Quarto numbers those that are referred to
  return (ours or FORMAT:match("typst")) and not is_named
end, function(callout)
  local title = quarto.utils.as_inlines(callout.title or {})
  if #title == 0 then
    title = pandoc.Inlines(callout.type:gsub("^%l", string.upper))
  end
  local blocks = quarto.utils.as_blocks(callout.content)
  if FORMAT:match("docx") then
    return pandoc.Blocks({ styled("Callout Title", { pandoc.Para(title) }), styled("Callout", blocks) })
  elseif FORMAT:match("typst") then
    local whole = pandoc.Blocks({ pandoc.RawBlock("typst", "#note-box["), pandoc.Plain(title), pandoc.RawBlock("typst", "][") })
    whole:extend(blocks)
    whole:insert(pandoc.RawBlock("typst", "]"))
    return whole
  elseif FORMAT:match("jats") then
    blocks:insert(1, pandoc.Para({ pandoc.Strong(title) }))
    return blocks
  end
  blocks:insert(1, pandoc.Div({ pandoc.Plain(title) }, pandoc.Attr("", { "callout-title" })))
  local about = { { "role", "note" }, { "aria-label", pandoc.utils.stringify(title) } }
  return pandoc.Div(blocks, pandoc.Attr("", { "callout", "callout-" .. callout.type }, about))
end)

return {}
