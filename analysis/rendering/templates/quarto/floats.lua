-- Figures, tables and callouts in the shapes that the embedded renderer writes, in place of Quarto's own: Quarto puts
-- them into tables without a heading row (DOCX), puts tables into figures (JATS), and loses alternative texts in both.
-- In Typst its own figures stay, as references to them need their counters.

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

-- The only element of a kind in some content, if that holds nothing else to read.
local function only(content, kind)
  local found = pandoc.List({})
  local function note(element)
    found:insert(element)
  end
  pandoc.Div(quarto.utils.as_blocks(content)):walk({ [kind] = note })
  return #found == 1 and found[1] or nil
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
    return pandoc.Div({ content }, pandoc.Attr("", { "wide" }, { tabindex = "0", role = "region", ["aria-label"] = name }))
  end
  return content
end

local function as_figure(float, image)
  local alt = image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
  image.attributes["fig-alt"] = nil
  image.caption = pandoc.Inlines(alt)
  image.identifier = ""
  return pandoc.Figure({ pandoc.Plain({ image }) }, { long = labelled_caption(float) }, pandoc.Attr(float.identifier))
end

local function supported(float)
  return not FORMAT:match("typst") and only(float.content, is_table(float) and "Table" or "Image") ~= nil
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

quarto._quarto.ast.add_renderer("Callout", function(_)
  return true
end, function(callout)
  local title = quarto.utils.as_inlines(callout.title or {})
  if #title == 0 then
    title = pandoc.Inlines(callout.type:gsub("^%l", string.upper))
  end
  local blocks = quarto.utils.as_blocks(callout.content)
  if FORMAT:match("docx") then
    return pandoc.Blocks({ styled("Callout Title", { pandoc.Para(title) }), styled("Callout", blocks) })
  elseif FORMAT:match("typst") then
    local whole = pandoc.Blocks({ pandoc.RawBlock("typst", "#callout["), pandoc.Plain(title), pandoc.RawBlock("typst", "][") })
    whole:extend(blocks)
    whole:insert(pandoc.RawBlock("typst", "]"))
    return whole
  elseif FORMAT:match("jats") then
    blocks:insert(1, pandoc.Para({ pandoc.Strong(title) }))
    return blocks
  end
  blocks:insert(1, pandoc.Div({ pandoc.Plain(title) }, pandoc.Attr("", { "callout-title" })))
  local about = { role = "note", ["aria-label"] = pandoc.utils.stringify(title) }
  return pandoc.Div(blocks, pandoc.Attr("", { "callout", "callout-" .. callout.type }, about))
end)

return {}
