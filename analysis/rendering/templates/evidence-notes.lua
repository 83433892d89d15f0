-- Keys of passages and claims (F06, C71) in the text as links: in HTML to the note on each, in PDF and Word to the
-- supplement; in JATS they stay text. Both renderers use it. The notes are divisions "note-F06" in a division
-- "evidence-notes"; HTML has those that the text, or a note that it names, leads to, at its end. Other formats have none.
-- A document without that division has no such keys.

local is_page = FORMAT:match("html") ~= nil
local supplement = (FORMAT:match("typst") and "supplement.pdf#") or (FORMAT:match("docx") and "supplement.docx#")
-- A PDF can be entered from another one at its headings only.
local sections = { T = "sec-passages", F = "sec-passages", C = "sec-ledger" }

local notes, order = {}, {} -- by key, and their keys in order
local named, mentioned = {}, {} -- keys that some link leads to, and those of them that the text itself names
local heading, own -- the heading of the notes; the key whose note is being read, which is no link there

local function collect(division)
  for _, block in ipairs(division.content) do
    local key = block.t == "Div" and block.identifier:match("^note%-(%w+)$")
    if key then
      block.classes = { "key-note" }
      notes[key] = block
      table.insert(order, key)
    elseif block.t == "Header" then
      block.identifier = division.identifier
      heading = block
    end
  end
end

local function link_to(key)
  if not is_page then
    local place = FORMAT:match("typst") and sections[key:sub(1, 1)] or key
    return supplement and pandoc.Link(key, supplement .. place) or pandoc.Str(key)
  end
  local is_first = not own and not mentioned[key]
  named[key] = true
  mentioned[key] = mentioned[key] or not own
  return pandoc.Link(key, "#note-" .. key, "", pandoc.Attr(is_first and "key-" .. key or "", { "key" }))
end

local function linked(str)
  local made, rest = pandoc.Inlines({}), 1
  for from, key, after in str.text:gmatch("()%f[%w_](%u%d%d+)%f[^%w_]()") do
    if notes[key] and key ~= own then
      if from > rest then
        made:insert(pandoc.Str(str.text:sub(rest, from - 1)))
      end
      made:insert(link_to(key))
      rest = after
    end
  end
  if rest == 1 then
    return nil
  elseif rest <= #str.text then
    made:insert(pandoc.Str(str.text:sub(rest)))
  end
  return made, false -- or the keys in its links would become links again
end

local function left_alone(element)
  return element, false
end

local in_text = { traverse = "topdown", Str = linked }
for _, kind in ipairs({ "Header", "Link", "Cite", "Image" }) do
  in_text[kind] = left_alone
end

-- The first column of a table names what a row is about: it leads nowhere else.
function in_text.Table(tbl)
  tbl.caption.long = tbl.caption.long:walk(in_text)
  tbl.bodies = pandoc.List(tbl.bodies):map(function(body)
    body.body = pandoc.List(body.body):map(function(row)
      row.cells = pandoc.List(row.cells):map(function(cell, column)
        if column > 1 then
          cell.contents = cell.contents:walk(in_text)
        end
        return cell
      end)
      return row
    end)
    return body
  end)
  return tbl, false
end

-- The notes that are named, each with a way back to where the text names it first.
local function section_of_notes()
  local blocks = pandoc.Blocks({ heading })
  for _, key in ipairs(order) do
    own = key
    if mentioned[key] then
      notes[key].content = notes[key].content:walk(in_text)
    end
  end
  for _, key in ipairs(order) do
    if mentioned[key] then
      local back = pandoc.Link("Back to the text", "#key-" .. key, "", pandoc.Attr("", { "key-back" }))
      notes[key].content:insert(pandoc.Para({ back }))
    end
    blocks:extend(named[key] and { notes[key] } or {})
  end
  return blocks
end

return {
  {
    Div = function(division)
      if division.identifier == "evidence-notes" then
        collect(division)
        return {}
      end
    end,
  },
  {
    Pandoc = function(doc)
      if #order == 0 then
        return nil
      end
      doc.blocks = doc.blocks:walk(in_text)
      if next(named) then
        doc.blocks:extend(section_of_notes())
        doc.meta["evidence-notes"] = true
      end
      return doc
    end,
  },
}
