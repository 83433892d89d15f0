-- Tables as the embedded renderer writes them: columns as wide as their longest word, head cells that say so (HTML), and
-- cells in the styles of the reference document (DOCX).

local pages_share, per_letter, most = 0.022, 0.011, 0.25 -- of a printed page's width, as in normal_form.py

-- How many small letters of the usual width a word is as wide as, as in normal_form.py.
local function letters(word)
  local _, narrow = word:gsub("’", "'"):gsub("[fijlrtI.,:;']", "")
  local _, wide = word:gsub("[mwMW%%]", "")
  local _, capital = word:gsub("[ABCDEFGHJKLNOPQRSTUVXYZ]", "")
  return (utf8.len(word) or #word) - 0.4 * narrow + 0.5 * wide + 0.3 * capital
end

local function longest_word(cell)
  local longest = 0
  for word in pandoc.utils.stringify(cell.contents):gsub("–", " "):gmatch("[^%s/-]+") do
    longest = math.max(longest, letters(word))
  end
  return longest
end

local function rows_of(tbl)
  local rows = pandoc.List(tbl.head.rows):clone()
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.body)
  end
  return rows
end

local function least_width(tbl, column)
  local longest = 0
  for _, row in ipairs(rows_of(tbl)) do
    if row.cells[column] then
      longest = math.max(longest, longest_word(row.cells[column]))
    end
  end
  return math.min(most, pages_share + per_letter * longest)
end

-- No column is narrower than its longest word, at the expense of the others, as long as the page has room for all.
local function roomy(tbl)
  local given, least, slack, wanted, spare = {}, {}, {}, 0, 0
  for n, spec in ipairs(tbl.colspecs) do
    if not spec[2] or spec[2] == 0 then
      return
    end
    given[n], least[n] = spec[2], least_width(tbl, n)
    slack[n] = math.max(0, given[n] - least[n])
    wanted, spare = wanted + given[n] - least[n], spare + slack[n]
  end
  local factor = spare > 0 and math.max(0, math.min(1, wanted / spare)) or 1
  local widths, whole = {}, 0
  for n in ipairs(given) do
    widths[n] = least[n] + slack[n] * factor
    whole = whole + widths[n]
  end
  local specs = pandoc.List({})
  for n, spec in ipairs(tbl.colspecs) do
    specs:insert({ spec[1], widths[n] / math.max(1, whole) })
  end
  tbl.colspecs = specs
end

-- Paragraphs take a style, and an empty cell needs one.
local function styled(blocks, style)
  local paragraphs = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    paragraphs:insert(block.t == "Plain" and pandoc.Para(block.content) or block)
  end
  if #paragraphs == 0 then
    paragraphs:insert(pandoc.Para({}))
  end
  return pandoc.Blocks({ pandoc.Div(paragraphs, pandoc.Attr("", {}, { ["custom-style"] = style })) })
end

local function change_cell(cell, is_head)
  if FORMAT:match("docx") then
    cell.contents = styled(cell.contents, is_head and "Table Heading" or "Table Text")
  elseif FORMAT:match("html") and is_head then
    cell.attributes["scope"] = "col"
  end
end

local function change_rows(rows, is_head)
  return pandoc.List(rows):map(function(row)
    row.cells = pandoc.List(row.cells):map(function(cell)
      change_cell(cell, is_head)
      return cell
    end)
    return row
  end)
end

return {
  {
    Table = function(tbl)
      roomy(tbl)
      tbl.head.rows = change_rows(tbl.head.rows, true)
      tbl.bodies = pandoc.List(tbl.bodies):map(function(body)
        body.body = change_rows(body.body, false)
        return body
      end)
      return tbl
    end,
  },
}
