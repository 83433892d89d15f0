#' # Counting without over-claiming, in R
#'
#' You count what the lesson *Counting without over-claiming* shows: units, selections, tests, the published table of stage by
#' power with its ranges, and saturation. Base R is enough.
#'
#' Files whose names begin with `simulated` are made up by a program. Files that begin with `published` are about the passages
#' that Chen, Croft and Currie (2024) cite. Their numbers are other ones than in the lessons, so that these files do not give
#' codes away. Replace each NA, run the lines, and type your figures into the lesson, which judges them.

if (!dir.exists("data")) {
  stop("The folder data has to be in the working directory. Use setwd() to go to the folder of this file.", call. = FALSE)
}

# Prints figures under the number of their exercise.
figures <- function(exercise, ...) {
  found <- c(...)
  cat(sprintf("%s %s %s\n", exercise, names(found), ifelse(is.na(found), "to do", sprintf("%.10g", found))), sep = "")
}

read <- function(name) {
  read.csv(file.path("data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
}
different <- function(values) length(unique(na.omit(values)))

#' ## 4.1 What is counted?
#'
#' Count in the small simulated study above.
#'
#' - `passages`: how many passages are of simulated power 1?
#' - `interviewees`: how many interviewees have such a passage?
#' - `cells`: count the interviewees in each cell of simulated power 1, and add the cells up.
#' - `most`: what share of all passages is from the interviewee who has most of them?
small <- read("simulated-small-study")
head(small)

# nrow counts rows; different (above) counts different values; unique keeps one row of each.
of_first <- small[small$power == "Simulated power 1", ]
# Your turn.
passages <- interviewees <- cells <- most <- NA
figures("4.1", passages = passages, interviewees = interviewees, cells = cells, most = most)

#' ## The published table
#'
#' `published-power` and `published-stages` have a row for each code that the words of a passage allow. A *primary* code is
#' as coded, an *alternative* is also allowed. Every power code of a passage can go with each of its stages: that is a merge.
#' Only rows that support both codes count; passages that counter a code, and documents that give context, stay out.
units <- read("published-passages") # the statement and the interviewee of each passage; a document has no interviewee
power <- read("published-power")
stage <- read("published-stages")
pairs <- merge(merge(power, stage, by = "passage", suffixes = c("_power", "_stage")), units, by = "passage")
pairs$supports <- pairs$stance_power == "supports" & pairs$stance_stage == "supports"
pairs$as_coded <- pairs$role_power == "primary" & pairs$role_stage == "primary"
coded <- pairs[pairs$as_coded & pairs$supports, ]
head(coded)

#' ## 4.2 Sums that do not add up
#'
#' Look at the row “all” of the three published tables above.
#'
#' - `repeated`: how many supporting passages repeat a statement that is also printed elsewhere?
#' - `over`: by how much does the sum of the stages exceed the margin, in interviewees?
# Your turn.
repeated <- over <- NA
figures("4.2", repeated = repeated, over = over)

#' ### Counts with their ranges
#'
#' - The *count* takes the rows as coded.
#' - The *highest* count takes every pair that is allowed: all that can be there.
#' - The *lowest* count takes passages with a single allowed pair: all that must be there.
#'
#' For people, first choose the rows, then count each person once in a cell.
powers <- unique(power$power)
stages <- unique(stage$stage)
pairs_allowed <- pairs[!duplicated(pairs[c("passage", "power", "stage", "supports")]), ]
ways_to_read <- table(pairs_allowed$passage)
pairs_certain <- pairs_allowed[ways_to_read[as.character(pairs_allowed$passage)] == 1, ]

# Counts units by power and stage, each once in a cell.
crossed <- function(rows, unit) {
  # Your turn.
  as.table(array(NA, c(length(powers), length(stages)), list(Var1 = powers, Var2 = stages)))
}

# The count, the lowest and the highest count of each cell.
stage_by_power <- function(unit) {
  kinds <- list(count = pairs[pairs$as_coded, ], lowest = pairs_certain, highest = pairs_allowed)
  lapply(kinds, crossed, unit = unit)
}
found <- stage_by_power("passage")
array(sprintf("%d (%d–%d)", found$count, found$lowest, found$highest), dim(found$count), dimnames(found$count))

for (unit in c("passage", "statement", "interviewee")) {
  tables <- stage_by_power(unit)
  for (name in names(tables)) {
    cells_of <- as.data.frame(tables[[name]])
    figures(paste0("table-", unit), setNames(cells_of$Freq, paste(cells_of$Var1, cells_of$Var2, name, sep = ".")))
  }
}

#' ## 4.3 What a selection does to a table
#'
#' The story is the diagonal: the first kind of power at the first stage, the second at the second, the third at the
#' third. An author who likes the story chooses a passage that fits it five times as readily as another. What share of
#' the passages in each of the three simulated tables fits it?
#'
#' - `collected`: in the whole study?
#' - `chance`: in what was chosen by chance?
#' - `liked`: in what the author who likes a story chose?
collected <- read("simulated-collected")
chance <- collected[collected[["chosen by chance"]] == "yes", ]
liked <- collected[collected[["chosen with a story"]] == "yes", ]
table(liked$power, liked$stage)

# The share of passages whose power and stage have the same number.
last <- function(text) substring(text, nchar(text))
diagonal <- function(study) {
  # Your turn.
  NA
}
figures("4.3", collected = diagonal(collected), chance = diagonal(chance), liked = diagonal(liked))

#' ## Tests, and what goes into them
#' ## 4.5 False alarms
#'
#' In none of these 200 and 200 simulated studies is kind of power related to stage. In how many of each kind does the
#' chi-square test on all passages give a p-value below 0.05?
#'
#' - `unrelated`: where passages of one person are unrelated?
#' - `alike`: where passages of one person resemble each other?
# A row is a study; its last nine columns are the cells of its table of three by three.
tests <- read("simulated-studies-to-test")
head(tests)

# The p-value of Pearson's chi-square of a study, without correction.
p_value <- function(cells) {
  # Your turn.
  NA
}
p <- apply(tests[3:11], 1, p_value)
below <- tapply(p < 0.05, tests[["passages of one person"]], sum)
figures("4.5", below[c("unrelated", "alike")])

#' ## 4.6 Too few for a test?
#'
#' A chi-square test compares each count with the count expected if rows and columns were unrelated: the sum of its row
#' times the sum of its column, divided by all. Its p-value is an approximation for tables in which few cells have an
#' expected count below five. Compute for the small simulated table above:
#'
#' - `lowest`: the lowest expected count
#' - `below-five`: how many cells have an expected count below five?
small_cases <- read("simulated-small-table")
small_table <- table(small_cases$power, small_cases$stage)
small_table

# The outer product of the sums of rows and columns, divided by all: outer(…, …) / …
# Your turn.
lowest <- below_five <- NA
figures("4.6", lowest = lowest, `below-five` = below_five)

#' ## 4.7 Said twice, counted twice
#'
#' Suppose that every passage of the small simulated table had been printed a second time, and counted again. What would
#' become of the two figures above?
#'
#' - `statistic`: chi-square
#' - `v`: Cramér's V
# The sum of (count - expected)^2 / expected.
chi_square <- function(counts) {
  # Your turn.
  NA
}

# Chi-square by the number of cases and by the smaller of rows and columns less one, then the root.
cramers_v <- function(counts) {
  # Your turn.
  NA
}
figures("4.7", statistic = chi_square(2 * small_table), v = cramers_v(2 * small_table))

#' The same effect size of the three tables of exercise 4.3. Nothing is related in the whole study.
studies <- list(collected = collected, chance = chance, liked = liked)
figures("cramers-v", sapply(studies, function(study) cramers_v(table(study$power, study$stage))))

#' ## All allowed readings
#' ## 4.9 In every reading, in some, in none?
#'
#' Each statement is about what is published. Does it hold in every allowed reading, in some, or in none?
#' A pattern compares two regions of the table. For each passage (or person), look at every way to read it: is it in the
#' first region, in the second, in both, in neither? Passages are read independently, so the lowest difference is the sum of
#' the lowest values, and the highest is the sum of the highest.
normative <- "resource-enabled-normative"
elsewhere <- setdiff(stages, "initiation")
cells_at <- function(power, stages) paste(power, stages)
patterns <- list(
  a = list(cells_at(normative, "dissemination"), cells_at(normative, "operationalization"), "passage"),
  b = list(cells_at("structural", "initiation"), cells_at("structural", elsewhere), "passage"),
  c = list(cells_at("structural", "initiation"), cells_at("structural", elsewhere), "interviewee"),
  d = list(cells_at(normative, "dissemination"), cells_at("resource", "dissemination"), "passage"),
  e = list(cells_at("structural", "dissemination"), cells_at(normative, "dissemination"), "passage"),
  f = list(cells_at("resource", "dissemination"), cells_at("resource", "operationalization"), "passage")
)

# The pairs with whether each is in the first region and in the second.
placed <- function(first, second) {
  at <- cells_at(pairs$power, pairs$stage)
  transform(pairs, first = supports & at %in% first, second = supports & at %in% second)
}

# The lowest and the highest difference of both regions over all readings, counted in units.
differences <- function(first, second, unit) {
  # Your turn.
  c(lowest = NA, highest = NA)
}
for (key in names(patterns)) {
  ends <- do.call(differences, unname(patterns[[key]]))
  figures("4.9", setNames(ends, paste(key, names(ends), sep = ".")))
}

#' In which readings does each pattern hold: in every, in some, in none?
#' ## 4.10 What would change it?
#'
#' More passages of resource-enabled normative power are in dissemination than in operationalization. It holds in the
#' coding of record. How many passages, at least, have to be read differently so that it does not?
# How much can each passage take off the difference, at most? Begin with those that take off most.
ways <- do.call(placed, unname(patterns$a[1:2]))
ways$worth <- ways$first - ways$second
# Your turn.
fewest <- NA
figures("4.10", answer = fewest)

#' ## Have we heard it all?
#' ## 4.11 Where a measure says: enough
#'
#' Guest, Namey and Chen (2020) compare each run of two interviewees with a base of the first four: it is enough as soon
#' as a run brings no more new codes than 5% of those in the base. Runs overlap. In the order of the simulated interviews
#' above:
#'
#' - `base`: how many codes does the base have?
#' - `before`: how many interviewees come before the first such run?
interviews <- read("simulated-interviews") # in the order of the interviews
head(interviews)

# A code is new where it is not a duplicate of an earlier row.
in_order <- factor(interviews$interviewee, unique(interviews$interviewee))
new <- tapply(!duplicated(interviews$code), in_order, sum)
# Your turn.
base <- before <- NA
figures("4.11", base = base, before = unname(before))

#' ## Try it
#'
#' - Choose 40 passages yourself with `sample(nrow(collected), 40, prob = …)`, with the weight of passages on the diagonal five
#'   times that of the others. Draw a hundred times. How often is Cramér's V above that of the whole study?
#' - Take the interviews in another order: `new` then needs the rows of `interviews` in that order. When is it enough?
#' - Count interviewees wrongly on purpose: pool the pairs of each person, and keep people with a single pair. Which lowest
#'   counts change, and why is that wrong?
