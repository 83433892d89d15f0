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

#' [4.1]
small <- read("simulated-small-study")
head(small)

# nrow counts rows; different (above) counts different values; unique keeps one row of each.
of_first <- small[small$power == "Simulated power 1", ]
# >>> your turn
passages <- nrow(of_first)
interviewees <- different(of_first$interviewee)
cells <- nrow(unique(of_first[c("interviewee", "stage")]))
most <- max(prop.table(table(small$interviewee)))
# <<< passages <- interviewees <- cells <- most <- NA
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

#' [4.2]
# >>> your turn
repeated <- different(coded$passage) - different(coded$statement)
in_stages <- tapply(coded$interviewee, coded$stage, different)
over <- sum(in_stages) - different(coded$interviewee)
# <<< repeated <- over <- NA
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
  # >>> your turn
  rows <- rows[rows$supports & !is.na(rows[[unit]]), ]
  rows <- rows[!duplicated(rows[c(unit, "power", "stage")]), ]
  table(factor(rows$power, powers), factor(rows$stage, stages))
  # <<< as.table(array(NA, c(length(powers), length(stages)), list(Var1 = powers, Var2 = stages)))
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

#' [4.3]
collected <- read("simulated-collected")
chance <- collected[collected[["chosen by chance"]] == "yes", ]
liked <- collected[collected[["chosen with a story"]] == "yes", ]
table(liked$power, liked$stage)

# The share of passages whose power and stage have the same number.
last <- function(text) substring(text, nchar(text))
diagonal <- function(study) {
  # >>> your turn
  mean(last(study$power) == last(study$stage))
  # <<< NA
}
figures("4.3", collected = diagonal(collected), chance = diagonal(chance), liked = diagonal(liked))

#' ## Tests, and what goes into them
#' [4.5]
# A row is a study; its last nine columns are the cells of its table of three by three.
tests <- read("simulated-studies-to-test")
head(tests)

# The p-value of Pearson's chi-square of a study, without correction.
p_value <- function(cells) {
  # >>> your turn
  suppressWarnings(chisq.test(matrix(cells, 3), correct = FALSE)$p.value)
  # <<< NA
}
p <- apply(tests[3:11], 1, p_value)
below <- tapply(p < 0.05, tests[["passages of one person"]], sum)
figures("4.5", below[c("unrelated", "alike")])

#' [4.6]
small_cases <- read("simulated-small-table")
small_table <- table(small_cases$power, small_cases$stage)
small_table

# The outer product of the sums of rows and columns, divided by all: outer(…, …) / …
# >>> your turn
expected <- outer(rowSums(small_table), colSums(small_table)) / sum(small_table)
lowest <- min(expected)
below_five <- sum(expected < 5)
# <<< lowest <- below_five <- NA
figures("4.6", lowest = lowest, `below-five` = below_five)

#' [4.7]
# The sum of (count - expected)^2 / expected.
chi_square <- function(counts) {
  # >>> your turn
  expected <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  sum((counts - expected)^2 / expected)
  # <<< NA
}

# Chi-square by the number of cases and by the smaller of rows and columns less one, then the root.
cramers_v <- function(counts) {
  # >>> your turn
  sqrt(chi_square(counts) / (sum(counts) * (min(dim(counts)) - 1)))
  # <<< NA
}
figures("4.7", statistic = chi_square(2 * small_table), v = cramers_v(2 * small_table))

#' The same effect size of the three tables of exercise 4.3. Nothing is related in the whole study.
studies <- list(collected = collected, chance = chance, liked = liked)
figures("cramers-v", sapply(studies, function(study) cramers_v(table(study$power, study$stage))))

#' ## All allowed readings
#' [4.9]
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
  # >>> your turn
  rows <- placed(first, second)
  ends <- sapply(split(rows, rows[[unit]]), function(of_unit) {
    ways <- lapply(split(of_unit, of_unit$passage), function(one) unique(one[c("first", "second")]))
    readings <- expand.grid(lapply(ways, function(one) seq_len(nrow(one))))
    range(apply(readings, 1, function(reading) {
      chosen <- do.call(rbind, Map(function(one, row) one[row, ], ways, reading))
      any(chosen$first) - any(chosen$second)
    }))
  })
  c(lowest = sum(ends[1, ]), highest = sum(ends[2, ]))
  # <<< c(lowest = NA, highest = NA)
}
for (key in names(patterns)) {
  ends <- do.call(differences, unname(patterns[[key]]))
  figures("4.9", setNames(ends, paste(key, names(ends), sep = ".")))
}

#' In which readings does each pattern hold: in every, in some, in none?
#' [4.10]
# How much can each passage take off the difference, at most? Begin with those that take off most.
ways <- do.call(placed, unname(patterns$a[1:2]))
ways$worth <- ways$first - ways$second
# >>> your turn
as_coded <- tapply(ways$worth[ways$as_coded], ways$passage[ways$as_coded], sum)
least <- tapply(ways$worth, ways$passage, min)
takes_off <- sort(as_coded - least[names(as_coded)], decreasing = TRUE)
fewest <- 1 + sum(cumsum(takes_off) < sum(as_coded))
# <<< fewest <- NA
figures("4.10", answer = fewest)

#' ## Have we heard it all?
#' [4.11]
interviews <- read("simulated-interviews") # in the order of the interviews
head(interviews)

# A code is new where it is not a duplicate of an earlier row.
in_order <- factor(interviews$interviewee, unique(interviews$interviewee))
new <- tapply(!duplicated(interviews$code), in_order, sum)
# >>> your turn
base <- sum(new[1:4])
in_runs <- new[-length(new)] + new[-1] # of each interviewee and the next
before <- 4 + which(in_runs[-(1:4)] <= 0.05 * base)[1] - 1
# <<< base <- before <- NA
figures("4.11", base = base, before = unname(before))

#' ## Try it
#'
#' - Choose 40 passages yourself with `sample(nrow(collected), 40, prob = …)`, with the weight of passages on the diagonal five
#'   times that of the others. Draw a hundred times. How often is Cramér's V above that of the whole study?
#' - Take the interviews in another order: `new` then needs the rows of `interviews` in that order. When is it enough?
#' - Count interviewees wrongly on purpose: pool the pairs of each person, and keep people with a single pair. Which lowest
#'   counts change, and why is that wrong?
