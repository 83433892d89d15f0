-- JATS in which what has a number says so in a label, a table is a table-wrap with its identifier, and references are
-- taken apart. Citations are resolved here, and no more by Quarto (`citeproc: false`), as tables are written here.
if not FORMAT:match("jats") then
  return {}
end

-- Take the label ("Table 1:") from the beginning of a caption, and return it.
local function taken_label(caption)
  local first = caption.long[1]
  local mark = first and first.content and first.content[1]
  if not (mark and mark.t == "Span" and mark.classes:includes("caption-label")) then
    return nil
  end
  first.content:remove(1)
  first.content:remove(1)
  caption.long[1] = first
  return (pandoc.utils.stringify(mark):gsub(":$", ""):gsub("\u{a0}", " "))
end

local function written(block, element)
  local label = taken_label(block.caption)
  if not label then
    return nil
  end
  local identifier = block.identifier
  block.identifier = ""
  local xml = pandoc.write(pandoc.Pandoc({ block }), "jats")
  local start = ('<%s id="%s">\n<label>%s</label>'):format(element, identifier, label)
  local opening = "<" .. element:gsub("%-", "%%-") .. "[^>]*>"
  return pandoc.RawBlock("jats", (xml:gsub(opening, function() return start end, 1)))
end

-- Quarto removes the folder of a cell's pictures when it has written formats that hold their pictures themselves.
local function stored(image)
  if image.src:match("_files/") then
    local from = assert(io.open(image.src, "rb"))
    image.src = "figures/" .. pandoc.path.filename(image.src)
    pandoc.system.make_directory("figures", true)
    local to = assert(io.open(image.src, "wb"))
    to:write(from:read("a"))
    to:close()
    from:close()
    return image
  end
end

local kinds = { fig = "fig", tbl = "table", sec = "sec", eq = "disp-formula" }

return {
  {
    Image = stored,
    Link = function(link)
      link.attributes["ref-type"] = kinds[link.target:match("^#(%l+)%-")]
      return link
    end,
  },
  {
    Pandoc = function(doc)
      return pandoc.utils.citeproc(doc):walk({
        Table = function(tbl)
          return written(tbl, "table-wrap")
        end,
        Figure = function(figure)
          return written(figure, "fig")
        end,
      })
    end,
  },
}
