#' # Auditing a claim, in R
#'
#' The lesson *Auditing a claim* asks what would change a verdict. Here you count it from the codes that the words of the
#' passages allow. The passages are those that Chen, Croft and Currie (2024) cite. Their numbers are other ones than in the
#' lessons, so that these files do not give codes away. Replace each NA, run the lines, and type your figure into the lesson,
#' which judges it.

if (!dir.exists("data")) {
  stop("The folder data has to be in the working directory. Use setwd() to go to the folder of this file.", call. = FALSE)
}

# Prints figures under the number of their exercise.
figures <- function(exercise, ...) {
  found <- c(...)
  cat(sprintf("%s %s %s\n", exercise, names(found), ifelse(is.na(found), "to do", sprintf("%.10g", found))), sep = "")
}

#' A *primary* code is as coded, an *alternative* is also allowed. Every power code of a passage can go with each of its
#' stages: that is a merge. Only rows that support both codes count.
power <- read.csv(file.path("data", "published-power.csv"))
stages <- read.csv(file.path("data", "published-stages.csv"))
pairs <- merge(power, stages, by = "passage", suffixes = c("_power", "_stage"))
pairs <- pairs[pairs$stance_power == "supports" & pairs$stance_stage == "supports", ]
pairs$as_coded <- pairs$role_power == "primary" & pairs$role_stage == "primary"
here <- pairs[pairs$power == "resource" & pairs$stage == "initiation", ]
here

#' [5.4]
# How many passages of resource power are there as coded, and how many can be? (The lesson asks which.)
# >>> your turn
of_resource <- power$passage[power$power == "resource" & power$role == "primary"]
there <- length(unique(here$passage[here$as_coded]))
possible <- length(unique(here$passage[here$passage %in% of_resource]))
# <<< there <- possible <- NA
figures("5.4", there = there, possible = possible)

#' [5.5]
# Some is one or more. How many passages are missing, and are there as many that can be read so?
# >>> your turn
some <- 1
fewest <- max(some - there, 0)
stopifnot(fewest <= possible)
# <<< fewest <- NA
figures("5.5", answer = fewest)

#' ## Try it
#'
#' - Do the same for another kind of power and another stage. Which of such claims hold as coded, and which in no reading?
