# Invents a survey of two waves under other names than survey.csv, and computes what citizen-portal estimate prints.
suppressMessages(library(survey))
set.seed(20261124)

invented <- function(wave, n, base) {
  d <- data.frame(
    runda = wave,
    nr = sprintf("%s/%d", wave, sample(n)),
    kon = sample(c("kvinna", "man"), n, TRUE, c(.58, .42)),
    alder = sample(c("18-34", "35-64", "65-"), n, TRUE, c(.2, .45, .35)),
    stadsdel = sample(c("Norr", "Mitt", "Soder", "Udden", "Holmen", "Skaret", "Tomma"), n, TRUE,
                      c(.3, .25, .2, .12, .06, .05, .02)))
  logit <- qlogis(base) + .6 * (d$kon == "kvinna") - .3 * (d$alder == "65-") + .3 * (d$stadsdel == "Mitt")
  d$radd <- rbinom(n, 1, plogis(logit))
  d$radd[runif(n) < .07] <- NA
  d$ute <- sample(1:4, n, TRUE)
  d$ute[runif(n) < .04] <- NA
  d
}

d <- rbind(invented("host21", 411, .35), invented("host23", 377, .27))
of <- function(wave, group) d$runda == wave & d$stadsdel == group
d$radd[of("host23", "Udden") & !is.na(d$radd)] <- 0
d$radd[of("host23", "Skaret")] <- NA
d$radd[which(of("host23", "Skaret"))[1]] <- 1
d$radd[of("host23", "Tomma")] <- NA
d$radd[of("host21", "Holmen") & !is.na(d$radd)] <- 1
m <- data.frame(
  runda = rep(c("host21", "host23"), each = 5),
  variabel = rep(c("kon", "kon", "alder", "alder", "alder"), 2),
  varde = rep(c("kvinna", "man", "18-34", "35-64", "65-"), 2),
  antal = c(20111, 20456, 11020, 18902, 10645, 20711, 21002, 11380, 19333, 11000))
write.csv(d[sample(nrow(d)), ], "invented_answers.csv", row.names = FALSE, quote = FALSE, na = "")
write.csv(m, "invented_margins.csv", row.names = FALSE, quote = FALSE)

out <- NULL
add <- function(id, value) out <<- rbind(out, data.frame(id = id, value = sprintf("%.17g", as.numeric(value))))

share <- function(id, des) {
  n <- sum(weights(des) != 0)
  mean <- svymean(~y, des, na.rm = TRUE)
  p <- as.numeric(coef(mean)); se <- as.numeric(SE(mean)); df <- degf(des)
  usable <- p > 0 && p < 1 && n > 1
  add(paste0(id, ".n"), n)
  add(paste0(id, ".p"), p)
  if (usable) {
    add(paste0(id, ".se"), se)
    add(paste0(id, ".df"), df)
    ci <- attr(svyciprop(~y, des, method = "xlogit", na.rm = TRUE), "ci")
    add(paste0(id, ".low"), ci[1])
    add(paste0(id, ".high"), ci[2])
    size <- min(n, p * (1 - p) / se^2 * (qt(.025, n - 1) / qt(.025, df))^2)
    add(paste0(id, ".kg_low"), qbeta(.025, size * p, size - size * p + 1))
    add(paste0(id, ".kg_high"), qbeta(.975, size * p + 1, size - size * p))
  }
  c(p = p, se = se, df = df, usable = usable)
}

estimates <- function(wave, question, counted = 1) {
  x <- d[d$runda == wave, ]
  x$y <- ifelse(is.na(x[[question]]), NA, as.numeric(x[[question]] %in% counted))
  mw <- m[m$runda == wave, ]
  age <- mw$variabel == "alder"
  mw$antal[age] <- mw$antal[age] * sum(mw$antal[!age]) / sum(mw$antal[age])
  margin <- function(v) setNames(mw[mw$variabel == v, c("varde", "antal")], c(v, "Freq"))
  des <- rake(svydesign(ids = ~1, weights = ~1, data = x), list(~kon, ~alder), list(margin("kon"), margin("alder")),
              control = list(maxit = 1000, epsilon = 1e-14))
  w <- weights(des)
  add(paste(wave, question, "deff", sep = "."), length(w) * sum(w^2) / sum(w)^2)
  answered <- subset(des, !is.na(y))
  found <- list(all = share(paste(wave, question, "all", sep = "."), answered))
  for (by in c("stadsdel", "alder")) for (group in sort(unique(x[[by]]))) {
    part <- answered[answered$variables[[by]] == group & !is.na(answered$variables$y), ]
    if (sum(weights(part) != 0) > 0) found[[group]] <- share(paste(wave, question, group, sep = "."), part)
  }
  found
}

before <- estimates("host21", "radd")
after <- estimates("host23", "radd")
invisible(estimates("host23", "ute", c(3, 4)))
groups <- intersect(names(before), names(after))
p_values <- c()
for (group in groups) {
  a <- before[[group]]; b <- after[[group]]
  diff <- b["p"] - a["p"]
  add(paste0("change.", group, ".diff"), diff)
  if (a["usable"] == 1 && b["usable"] == 1) {
    se <- sqrt(a["se"]^2 + b["se"]^2); df <- a["df"] + b["df"]
    p_values[group] <- 2 * pt(-abs(diff / se), df)
    add(paste0("change.", group, ".se"), se)
    add(paste0("change.", group, ".df"), df)
    add(paste0("change.", group, ".low"), diff - qt(.975, df) * se)
    add(paste0("change.", group, ".high"), diff + qt(.975, df) * se)
    add(paste0("change.", group, ".p"), p_values[group])
  }
}
for (family in list(unique(d$stadsdel), unique(d$alder))) {
  adjusted <- p.adjust(p_values[names(p_values) %in% family], "holm")
  for (group in names(adjusted)) add(paste0("change.", group, ".p_holm"), adjusted[group])
}
write.csv(out, "invented_expected.csv", row.names = FALSE, quote = FALSE)
