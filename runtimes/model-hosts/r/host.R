# Process of a model in R: Launchpad starts it and speaks the host protocol with it (docs/reference/host-protocol.md). Descriptors 3
# and 4 are the protocol's; what the model prints goes elsewhere. When Launchpad ends, so does this process, whatever it does.

options(keep.source = TRUE, warn = 1, stringsAsFactors = FALSE, scipen = 0)
host <- new.env()
host$version <- 1L
host$magic <- as.raw(c(0x4c, 0x50, 0x48, 0x01))
host$input <- pipe("cat <&4; kill -9 $PPID 2>/dev/null", "rb")
host$output <- pipe("exec cat >&3", "wb")
host$models <- list()
host$call <- NULL
host$safe <- 2^53 - 1

# Messages -----------------------------------------------------------------------------------------------------------------------

host$align <- function(size) ceiling(size / 8) * 8

host$unsigned <- function(value) writeBin(as.integer(if (value >= 2^31) value - 2^32 else value), raw(), endian = "little")

host$write <- function(json, buffers = list()) {
  if (length(buffers) > 0) {
    sizes <- paste(vapply(buffers, function(it) sprintf("%.0f", length(it)), ""), collapse = ",")
    json <- paste0(substr(json, 1, nchar(json) - 1), ",\"buffers\":[", sizes, "]}")
  }
  header <- charToRaw(enc2utf8(json))
  body <- raw(0)
  at <- 0
  parts <- list()
  for (buffer in buffers) {
    gap <- host$align(at) - at
    parts <- c(parts, list(raw(gap), buffer))
    at <- at + gap + length(buffer)
  }
  prefix <- c(host$magic, host$unsigned(length(header)), host$unsigned(at %% 2^32), host$unsigned(at %/% 2^32))
  writeBin(c(prefix, header), host$output)
  for (part in parts) if (length(part) > 0) writeBin(part, host$output)
  flush(host$output)
}

host$encode <- function(json, buffer) {
  header <- charToRaw(paste0(substr(json, 1, nchar(json) - 1), ",\"buffers\":[", sprintf("%.0f", length(buffer)), "]}"))
  c(host$magic, host$unsigned(length(header)), host$unsigned(length(buffer) %% 2^32), host$unsigned(length(buffer) %/% 2^32), header, buffer)
}

host$number <- function(bytes) {
  value <- readBin(bytes, "integer", 1, endian = "little")
  if (is.na(value)) 2^31 else if (value < 0) value + 2^32 else value
}

host$parse <- function(bytes) {
  text <- rawToChar(bytes)
  Encoding(text) <- "UTF-8"
  jsonlite::fromJSON(text, simplifyVector = FALSE)
}

host$split <- function(header, body) {
  at <- 0
  lapply(header$buffers, function(size) {
    start <- host$align(at)
    at <<- start + size
    if (size == 0) raw(0) else body[(start + 1):(start + size)]
  })
}

host$decode <- function(bytes) {
  size <- host$number(bytes[5:8])
  body <- if (length(bytes) > 16 + size) bytes[(16 + size + 1):length(bytes)] else raw(0)
  header <- host$parse(bytes[17:(16 + size)])
  list(header = header, buffers = host$split(header, body))
}

host$read <- function() {
  prefix <- readBin(host$input, "raw", 16)
  if (length(prefix) < 16) quit(save = "no", status = 0)
  if (!identical(prefix[1:4], host$magic)) stop("a message of the host protocol expected, found other bytes")
  header <- host$parse(readBin(host$input, "raw", host$number(prefix[5:8])))
  size <- host$number(prefix[9:12]) + host$number(prefix[13:16]) * 2^32
  body <- if (size > 0) readBin(host$input, "raw", size) else raw(0)
  list(header = header, buffers = host$split(header, body))
}

# Values -------------------------------------------------------------------------------------------------------------------------

host$quote <- function(text) {
  text <- enc2utf8(as.character(text))
  text <- gsub("\\", "\\\\", text, fixed = TRUE)
  text <- gsub("\"", "\\\"", text, fixed = TRUE)
  if (any(grepl("[\001-\037]", text))) {
    for (code in 1:31) text <- gsub(intToUtf8(code), sprintf("\\u%04x", code), text, fixed = TRUE)
  }
  paste0("\"", text, "\"")
}

host$numeral <- function(value) {
  if (is.na(value)) return("null")
  if (is.infinite(value)) return(sprintf("{\"$\":\"number\",\"v\":\"%s\"}", if (value > 0) "inf" else "-inf"))
  if (value == trunc(value) && abs(value) < 1e15) sprintf("%.0f", value) else sprintf("%.17g", value)
}

host$refuse <- function(value, path) {
  stop(sprintf("%s is a %s: JSON has no such value", path, class(value)[1]), call. = FALSE)
}

# The JSON of a value: one of length 1 is itself, unless I() protects it; NA is null. Frames and long vectors go to `bag$buffers`.
host$json <- function(value, bag, path = "result") {
  if (is.null(value)) return("null")
  if (is.data.frame(value)) {
    bag$tagged <- TRUE
    return(paste0("{\"$\":\"frame\",", substring(host$frame_header(value, bag), 2)))
  }
  if (inherits(value, "integer64")) host$refuse(value, path)
  if (is.factor(value)) value <- structure(as.character(value), names = names(value), class = if (inherits(value, "AsIs")) "AsIs")
  if (inherits(value, "Date")) value <- format(value)
  if (inherits(value, "POSIXlt")) value <- as.POSIXct(value)
  if (inherits(value, "difftime") || is.raw(value) || is.complex(value)) host$refuse(value, path)
  if (is.list(value)) return(host$json_list(value, bag, path))
  if (!is.atomic(value)) host$refuse(value, path)
  if (length(dim(value)) == 2) {
    rows <- lapply(seq_len(nrow(value)), function(row) I(as.vector(value[row, ])))
    return(host$json_list(rows, bag, path))
  }
  if (inherits(value, "POSIXct")) {
    bag$tagged <- TRUE
    parts <- ifelse(is.na(value), "null", sprintf("{\"$\":\"datetime\",\"v\":%.0f}", floor(as.numeric(value) * 1000)))
  } else if (is.numeric(value)) {
    if (length(value) >= 64 && is.null(names(value))) {
      bag$tagged <- TRUE
      at <- bag$add(writeBin(as.double(value), raw(), endian = "little"))
      return(sprintf("{\"$\":\"array\",\"b\":%d,\"dtype\":\"float64\",\"shape\":[%d]}", at, length(value)))
    }
    if (any(is.infinite(value))) bag$tagged <- TRUE
    parts <- vapply(as.double(value), host$numeral, "")
  } else if (is.logical(value)) {
    parts <- ifelse(is.na(value), "null", ifelse(value, "true", "false"))
  } else {
    parts <- ifelse(is.na(value), "null", host$quote(value))
  }
  if (length(parts) == 1 && !inherits(value, "AsIs")) return(parts)
  names <- names(value)
  own <- !is.null(names) && all(nzchar(names)) && !anyDuplicated(names) && !identical(names, as.character(seq_along(names)))
  if (own) return(paste0("{", paste0(host$quote(names), ":", parts, collapse = ","), "}"))
  paste0("[", paste(parts, collapse = ","), "]")
}

host$json_list <- function(value, bag, path) {
  names <- names(value)
  named <- !is.null(names) && length(value) > 0
  inner <- lapply(seq_along(value), function(at) {
    here <- if (named) sprintf("%s$%s", path, names[[at]]) else sprintf("%s[[%d]]", path, at)
    if (nchar(here) > 2000) stop("the result is nested too deeply", call. = FALSE)
    host$json(value[[at]], bag, here)
  })
  if (!named) return(paste0("[", paste(inner, collapse = ","), "]"))
  if ("$" %in% names) {
    bag$tagged <- TRUE
    pairs <- paste0("[", host$quote(names), ",", inner, "]", collapse = ",")
    return(paste0("{\"$\":\"object\",\"v\":[", pairs, "]}"))
  }
  paste0("{", paste0(host$quote(names), ":", inner, collapse = ","), "}")
}

host$bag <- function() {
  bag <- new.env()
  bag$buffers <- list()
  bag$tagged <- FALSE
  bag$add <- function(bytes) {
    bag$buffers[[length(bag$buffers) + 1]] <- bytes
    length(bag$buffers) - 1L
  }
  bag
}

# What JSON made of arguments: null is NA, lists of one kind are vectors, tags are what they stand for.
host$value <- function(it, buffers) {
  if (is.null(it)) return(NA)
  if (!is.list(it)) return(it)
  kind <- it[["$"]]
  if (is.null(kind)) {
    values <- lapply(it, host$value, buffers)
    single <- is.null(names(it)) && length(it) > 0 && all(vapply(values, function(one) is.atomic(one) && length(one) == 1, NA))
    kinds <- if (single) unique(vapply(values, function(one) if (is.na(one)) "" else if (is.numeric(one)) "n" else class(one)[1], ""))
    return(if (single && length(setdiff(kinds, "")) < 2) do.call(c, values) else values)
  }
  switch(kind,
    number = c(nan = NaN, inf = Inf, `-inf` = -Inf, `-0` = -0)[[it$v]],
    int = it$v,
    datetime = as.POSIXct(it$v / 1000, origin = "1970-01-01", tz = "UTC"),
    bytes = buffers[[it$b + 1]],
    frame = host$frame(it, buffers),
    object = stats::setNames(lapply(it$v, function(pair) host$value(pair[[2]], buffers)), vapply(it$v, function(pair) pair[[1]], "")),
    stop("a value of an unknown kind: ", kind)
  )
}

# Frames -------------------------------------------------------------------------------------------------------------------------

host$texts <- function(offsets, bytes) {
  count <- length(offsets) - 1
  if (count < 1) return(character(0))
  if (any(bytes == as.raw(0))) stop("a text with a null character, which R cannot hold", call. = FALSE)
  separator <- setdiff(1:31, unique(as.integer(bytes[bytes < as.raw(32)])))[1]
  lengths <- diff(offsets)
  if (is.na(separator)) {
    texts <- vapply(seq_len(count), function(at) if (lengths[at] == 0) "" else rawToChar(bytes[(offsets[at] + 1):offsets[at + 1]]), "")
  } else {
    joined <- rep(as.raw(separator), length(bytes) + count)
    if (length(bytes) > 0) joined[seq_along(bytes) + rep(seq_len(count) - 1, lengths)] <- bytes
    texts <- strsplit(rawToChar(joined), intToUtf8(separator), fixed = TRUE, useBytes = TRUE)[[1]]
  }
  Encoding(texts) <- "UTF-8"
  texts
}

host$integers <- function(bytes) readBin(bytes, "integer", length(bytes) / 4, endian = "little")

host$column <- function(column, buffers) {
  get <- function(name) buffers[[column[[name]] + 1]]
  doubles <- function() {
    values <- readBin(get("values"), "double", length(get("values")) / 8, endian = "little")
    values[is.nan(values)] <- NA_real_
    values
  }
  switch(column$dtype,
    float64 = doubles(),
    int64 = {
      if (column$as == "int64") {
        stop(sprintf("column %s has whole numbers that R's numbers do not hold: read it as text (options: { dtype: { %s: str } })", column$name, column$name), call. = FALSE)
      }
      values <- doubles()
      if (length(values) == 0 || max(abs(values)) < 2^31) as.integer(values) else values
    },
    bool = {
      codes <- as.integer(get("values"))
      ifelse(codes == 2L, NA, codes == 1L)
    },
    datetime = as.POSIXct(doubles() / 1000, origin = "1970-01-01", tz = "UTC"),
    str = {
      texts <- host$texts(host$integers(get("offsets")), get("bytes"))
      if (!is.null(column$codes)) {
        codes <- host$integers(get("codes"))
        texts <- texts[ifelse(codes < 0, NA, codes + 1L)]
      }
      if (!is.null(column$missing)) texts[get("missing") == as.raw(1)] <- NA_character_
      texts
    },
    stop("a column of an unknown dtype: ", column$dtype)
  )
}

host$frame <- function(header, buffers, factors = character(0)) {
  columns <- lapply(header$columns, host$column, buffers)
  names <- vapply(header$columns, function(column) column$name, "")
  frame <- structure(columns, names = names, row.names = .set_row_names(header$rows), class = "data.frame")
  for (name in intersect(factors, names)) frame[[name]] <- factor(frame[[name]])
  frame
}

host$text_buffers <- function(texts, bag) {
  texts <- enc2utf8(texts)
  lengths <- nchar(texts, type = "bytes")
  if (sum(lengths) >= 2^31) stop("a column of text has more than 2 GB: write it in batches", call. = FALSE)
  bytes <- bag$add(charToRaw(paste(texts, collapse = "")))
  offsets <- bag$add(writeBin(c(0L, as.integer(cumsum(lengths))), raw(), endian = "little"))
  sprintf("\"dtype\":\"str\",\"bytes\":%d,\"offsets\":%d", bytes, offsets)
}

host$column_header <- function(name, values, bag) {
  add <- function(dtype, values, more = "") {
    sprintf("\"dtype\":\"%s\",\"values\":%d%s", dtype, bag$add(writeBin(as.double(values), raw(), endian = "little")), more)
  }
  if (is.factor(values)) {
    header <- host$text_buffers(levels(values), bag)
    codes <- as.integer(values) - 1L
    codes[is.na(codes)] <- -1L
    return(sprintf("%s,\"codes\":%d", header, bag$add(writeBin(codes, raw(), endian = "little"))))
  }
  if (inherits(values, "Date")) values <- format(values)
  if (inherits(values, "POSIXlt")) values <- as.POSIXct(values)
  if (inherits(values, "POSIXct")) return(add("datetime", ifelse(is.na(values), NaN, floor(as.numeric(values) * 1000))))
  if (inherits(values, c("integer64", "difftime")) || is.list(values) || is.complex(values) || is.raw(values) || length(dim(values)) > 1) {
    stop(sprintf("column %s is %s, which no frame of Launchpad has. Convert it before", name, class(values)[1]), call. = FALSE)
  }
  if (is.character(values)) {
    missing <- is.na(values)
    values[missing] <- ""
    header <- host$text_buffers(values, bag)
    return(if (any(missing)) sprintf("%s,\"missing\":%d", header, bag$add(as.raw(missing))) else header)
  }
  if (is.logical(values)) return(sprintf("\"dtype\":\"bool\",\"values\":%d", bag$add(as.raw(ifelse(is.na(values), 2L, as.integer(values))))))
  if (is.integer(values) && !anyNA(values)) return(add("int64", values, ",\"as\":\"float64\""))
  numbers <- as.double(values)
  numbers[is.na(numbers)] <- NaN
  add("float64", numbers)
}

host$frame_header <- function(frame, bag) {
  names <- names(frame)
  if (anyDuplicated(names)) stop(sprintf("columns with names of their own expected, found several named %s", names[anyDuplicated(names)]), call. = FALSE)
  columns <- vapply(seq_along(names), function(at) {
    sprintf("{\"name\":%s,%s}", host$quote(names[at]), host$column_header(names[at], frame[[at]], bag))
  }, "")
  sprintf("{\"rows\":%d,\"columns\":[%s]}", nrow(frame), paste(columns, collapse = ","))
}

# What a call reaches ------------------------------------------------------------------------------------------------------------

host$ask <- function(json, buffers = list()) {
  if (is.null(host$call)) stop("sources and sinks belong to the call of train, test or predict, which has ended", call. = FALSE)
  host$write(json, buffers)
  answer <- host$read()
  if (answer$header$type == "failure") {
    condition <- structure(class = c("launchpad_error", "error", "condition"), list(
      message = answer$header$message, call = NULL, code = answer$header$code, failure = answer$header$failure
    ))
    stop(condition)
  }
  answer
}

host$entry <- function(what, name) {
  seen <- Filter(function(it) length(it$tags) == 0 || host$call$action %in% unlist(it$tags), host$settings[[paste0(what, "s")]])
  entry <- seen[[name]]
  if (is.null(entry)) {
    stop(sprintf("no data %s \"%s\" here; there are %s", what, name, paste(names(seen), collapse = ", ")), call. = FALSE)
  }
  entry
}

host$params <- function(params) {
  if (length(params) == 0) return("")
  bag <- host$bag()
  json <- host$json(as.list(params), bag)
  sprintf(",\"params\":%s,\"tagged\":%s", json, if (bag$tagged) "true" else "false")
}

host$source <- function(name) {
  entry <- host$entry("source", name)
  dtype <- entry$options$dtype
  factors <- if (is.list(dtype)) names(Filter(function(it) identical(it, "category"), dtype)) else character(0)
  head <- sprintf("{\"type\":\"source\",\"name\":%s,\"op\":", host$quote(name))
  frame <- function(params = NULL) {
    answer <- host$ask(paste0(head, "\"frame\"", host$params(params), "}"))
    host$frame(answer$header$frame, answer$buffers, factors)
  }
  raw <- function() {
    answer <- host$ask(paste0(head, "\"raw\"}"))
    if (isTRUE(answer$header$raw)) answer$buffers[[1]] else answer$header$text
  }
  list(
    name = name, type = entry$type, frame = frame,
    # Calls a function with frames of `size` rows, one at a time in memory.
    batches = function(each, size = 10000, params = NULL) {
      opened <- host$ask(paste0(head, sprintf("\"open\",\"size\":%d", as.integer(size)), host$params(params), "}"))
      handle <- opened$header$handle
      repeat {
        answer <- host$ask(sprintf("{\"type\":\"source\",\"op\":\"next\",\"handle\":%d}", handle))
        if (isTRUE(answer$header$done)) break
        each(host$frame(answer$header$frame, answer$buffers, factors))
      }
      invisible(host$ask(sprintf("{\"type\":\"source\",\"op\":\"close\",\"handle\":%d}", handle)))
    },
    text = function() { it <- raw(); if (is.raw(it)) rawToChar(it) else it },
    bytes = function() { it <- raw(); if (is.raw(it)) it else charToRaw(enc2utf8(it)) }
  )
}

host$sink <- function(name) {
  host$entry("sink", name)
  head <- sprintf("{\"type\":\"sink\",\"name\":%s,\"op\":", host$quote(name))
  list(
    name = name,
    write = function(frame) {
      bag <- host$bag()
      header <- host$frame_header(as.data.frame(frame), bag)
      invisible(host$ask(paste0(head, "\"frame\",\"frame\":", header, "}"), bag$buffers))
    },
    write_raw = function(data) {
      if (is.raw(data)) host$ask(paste0(head, "\"raw\"}"), list(data))
      else host$ask(paste0(head, "\"raw\",\"text\":", host$quote(paste(data, collapse = "\n")), "}"))
      invisible(NULL)
    }
  )
}

host$report <- function(name, value) {
  if (is.null(host$call)) return(invisible(NULL))
  bag <- host$bag()
  json <- host$json(value, bag)
  host$write(sprintf("{\"type\":\"report\",\"name\":%s,\"tagged\":%s,\"value\":%s}", host$quote(name), if (bag$tagged) "true" else "false", json), bag$buffers)
}

host$order_columns <- function(data) {
  if (!is.null(host$call)) host$call$ordered <- TRUE
  data[order(names(data), method = "radix")]
}

host$log <- function(level) function(...) {
  host$write(sprintf("{\"type\":\"log\",\"level\":\"%s\",\"message\":%s}", level, host$quote(paste0(..., collapse = ""))))
}

host$run <- function(previous = NULL) {
  list(
    config = host$settings$config, previous = previous, source = host$source, sink = host$sink, report = host$report,
    order_columns = host$order_columns,
    log = list(debug = host$log("debug"), info = host$log("info"), warning = host$log("warning"), error = host$log("error")),
    progress = function(message) host$write(sprintf("{\"type\":\"progress\",\"message\":%s}", host$quote(message)))
  )
}

# The module ---------------------------------------------------------------------------------------------------------------------

host$ours <- c(train = "train", test = "test", predict = "predict", predict_batch = "predict_batch")
host$theirs <- c(train = "create_trained_model", test = "test_trained_model", predict = "predict_with_model")

host$open <- function(settings) {
  settings$config <- host$value(settings$config, list())
  host$settings <- settings
  for (name in unlist(settings$config$r_dependencies)) {
    if (!suppressWarnings(require(name, character.only = TRUE, quietly = TRUE))) {
      stop(sprintf("the package %s is not installed. Install it: Rscript -e 'install.packages(\"%s\")'", name, name), call. = FALSE)
    }
  }
  host$module <- new.env(parent = globalenv())
  host$module$get_dataframe <- function(name, arg_dict = NULL) host$source(name)$frame(arg_dict)
  host$module$put_dataframe <- function(name, df, arg_dict = NULL) host$sink(name)$write(df)
  host$module$order_columns <- host$order_columns
  host$module$report <- host$report
  # What a module sources belongs to it, and lies beside it where it is not in the working folder.
  host$sourced <- character(0)
  host$module$source <- function(file, ...) {
    if (is.character(file) && length(file) == 1) {
      beside <- file.path(dirname(settings$module), file)
      if (!file.exists(file) && file.exists(beside)) file <- beside
      if (file.exists(file)) host$sourced <- union(host$sourced, normalizePath(file))
    }
    base::source(file, ...)
  }
  sys.source(settings$module, envir = host$module, keep.source = TRUE)
  has <- function(name) exists(name, envir = host$module, inherits = FALSE, mode = "function")
  theirs <- Filter(has, host$theirs)
  ours <- Filter(has, host$ours)
  host$form <- if (length(theirs) > 0) "mllaunchpad" else "functions"
  host$functions <- if (length(theirs) > 0) theirs else ours
  if (length(host$functions) == 0) {
    stop(sprintf("%s: functions train, test and predict expected (or create_trained_model, test_trained_model and predict_with_model), found none", settings$module), call. = FALSE)
  }
  host$saves <- has("save") && has("load")
}

host$do <- function(name, ...) {
  mine <- get(host$functions[[name]], envir = host$module)
  config <- host$settings$config
  if (host$form == "functions") return(mine(...))
  given <- list(...)
  switch(name,
    train = mine(config, given[[1]]$previous),
    test = mine(config, given[[1]]),
    predict = mine(config, given[[2]], given[[1]])
  )
}

host$with_call <- function(action, expression) {
  host$call <- new.env()
  host$call$action <- action
  host$call$ordered <- FALSE
  on.exit(host$call <- NULL)
  value <- expression
  list(value = value, ordered = host$call$ordered)
}

host$result <- function(done) {
  bag <- host$bag()
  json <- host$json(done$value, bag)
  host$write(sprintf("{\"type\":\"result\",\"ordered\":%s,\"tagged\":%s,\"value\":%s}", if (done$ordered) "true" else "false", if (bag$tagged) "true" else "false", json), bag$buffers)
}

host$key <- function(header) sprintf("m%d", header$model)

host$contents <- function(model) {
  kind <- "rds"
  if (host$saves) {
    kind <- "module"
    bytes <- host$module$save(model)
    if (!is.raw(bytes)) stop("save(model) expected to return raw bytes, found ", class(bytes)[1], call. = FALSE)
  } else {
    bytes <- memCompress(serialize(model, NULL, version = 3), "gzip")
  }
  version <- paste(R.version$major, R.version$minor, sep = ".")
  host$encode(sprintf("{\"type\":\"contents\",\"kind\":\"%s\",\"language\":\"r\",\"version\":\"%s\"}", kind, version), bytes)
}

host$answers <- list(
  hello = function(header, buffers) {
    if (header$version != host$version) return(host$write(sprintf("{\"type\":\"result\",\"version\":%d}", host$version)))
    host$open(header)
    functions <- paste(host$quote(names(host$functions)), collapse = ",")
    version <- paste(R.version$major, R.version$minor, sep = ".")
    host$write(sprintf("{\"type\":\"result\",\"version\":%d,\"hello\":{\"language\":\"r\",\"version\":\"%s\",\"functions\":[%s],\"form\":\"%s\"}}", host$version, version, functions, host$form))
  },
  describe = function(header, buffers) {
    names <- sort(loadedNamespaces())
    versions <- vapply(names, function(name) tryCatch(as.character(getNamespaceVersion(name)), error = function(e) ""), "")
    packages <- paste0(host$quote(names), ":", host$quote(versions), collapse = ",")
    version <- paste(R.version$major, R.version$minor, sep = ".")
    files <- paste(host$quote(unique(c(normalizePath(host$settings$module), host$sourced))), collapse = ",")
    host$write(sprintf("{\"type\":\"result\",\"packages\":{%s},\"files\":[%s],\"version\":\"%s\"}", packages, files, version))
  },
  train = function(header, buffers) {
    previous <- if (is.null(header$previous)) NULL else host$models[[sprintf("m%d", header$previous)]]
    done <- host$with_call("train", host$do("train", host$run(previous)))
    bytes <- host$contents(done$value)
    host$write(sprintf("{\"type\":\"result\",\"ordered\":%s}", if (done$ordered) "true" else "false"), list(bytes))
  },
  load = function(header, buffers) {
    contents <- host$decode(buffers[[1]])
    if (contents$header$kind == "module") model <- host$module$load(contents$buffers[[1]])
    else model <- unserialize(memDecompress(contents$buffers[[1]], "gzip"))
    # NULL would take the place away.
    host$models[host$key(header)] <- list(model)
    host$write("{\"type\":\"result\"}")
  },
  unload = function(header, buffers) {
    host$models[[host$key(header)]] <- NULL
    host$write("{\"type\":\"result\"}")
  },
  test = function(header, buffers) {
    model <- host$models[[host$key(header)]]
    done <- host$with_call("test", host$do("test", model, host$run()))
    # An empty list may be either; metrics have names.
    if (identical(done$value, list())) return(host$write("{\"type\":\"result\",\"value\":{}}"))
    host$result(done)
  },
  predict = function(header, buffers) {
    model <- host$models[[host$key(header)]]
    args <- host$value(header$args, buffers)
    host$result(host$with_call("predict", host$do("predict", model, as.list(args), host$run())))
  },
  predict_batch = function(header, buffers) {
    model <- host$models[[host$key(header)]]
    frame <- host$frame(header$frame, buffers)
    done <- host$with_call("predict", host$do("predict_batch", model, frame, host$run()))
    value <- done$value
    if (is.atomic(value) && is.null(dim(value))) value <- I(unname(if (is.factor(value)) as.character(value) else value))
    host$result(list(value = value, ordered = done$ordered))
  }
)

host$failed <- function(error, calls, type) {
  place <- "null"
  traceback <- character(0)
  for (call in calls) {
    reference <- attr(call, "srcref")
    file <- if (is.null(reference)) NULL else attr(reference, "srcfile")$filename
    text <- paste(deparse(call, nlines = 1L)[1], collapse = " ")
    if (!is.null(file) && identical(normalizePath(file, mustWork = FALSE), normalizePath(host$settings$module, mustWork = FALSE))) {
      place <- host$quote(sprintf("%s:%d", file, as.integer(reference)[1]))
    }
    if (!grepl("^(host\\$|tryCatch|withCallingHandlers|doTryCatch|try\\(|\\.handleSimpleError|h\\(simpleError)", text)) traceback <- c(traceback, text)
  }
  code <- if (type == "hello") "\"MODULE_INVALID\"" else "null"
  message <- conditionMessage(error)
  if (type == "hello" && place != "null") message <- paste0(gsub("\"", "", place, fixed = TRUE), ": ", message)
  if (type == "load") code <- "\"CODEC_FAILED\""
  failure <- if (inherits(error, "launchpad_error")) sprintf(",\"failure\":%d", error$failure) else ""
  trace <- paste(c("Traceback (most recent call last):", utils::tail(traceback, 50), paste("Error:", message)), collapse = "\n")
  host$write(sprintf("{\"type\":\"error\",\"kind\":%s,\"message\":%s,\"place\":%s,\"traceback\":%s,\"code\":%s%s}", host$quote(class(error)[1]), host$quote(substr(message, 1, 4000)), place, host$quote(substr(trace, 1, 20000)), code, failure))
}

if (!suppressWarnings(requireNamespace("jsonlite", quietly = TRUE))) {
  message("the package jsonlite is not installed. Install it: Rscript -e 'install.packages(\"jsonlite\")'")
  quit(save = "no", status = 3)
}

repeat {
  message <- host$read()
  type <- message$header$type
  if (type == "close") quit(save = "no", status = 0, runLast = FALSE)
  calls <- list()
  tryCatch(
    withCallingHandlers(
      {
        answer <- host$answers[[type]]
        if (is.null(answer)) stop("the host protocol has no ", type, call. = FALSE)
        answer(message$header, message$buffers)
      },
      error = function(error) calls <<- sys.calls()
    ),
    error = function(error) host$failed(error, calls, type)
  )
}
