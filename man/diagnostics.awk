# SPDX-License-Identifier: GPL-2.0-or-later
#
# diag.def -> xl-passthrough-diagnostics(7) in POD: one item per
# DIAG(symbol, "id", SEVERITY, CLASS, "title", "remedy"), grouped under the
# one-line comments between the rows.

# the strings of a C expression list, adjacent ones joined; into field[1..]
function split_row(row,    i, c, n, inside) {
	n = 1
	field[1] = ""
	for (i = 1; i <= length(row); i++) {
		c = substr(row, i, 1)
		if (inside && c == "\\")
			field[n] = field[n] substr(row, ++i, 1)
		else if (c == "\"")
			inside = !inside
		else if (inside)
			field[n] = field[n] c
		else if (c == ",")
			field[++n] = ""
		else if (c !~ /[ \t]/)
			field[n] = field[n] c
	}
	return n
}

function pod(s) {
	gsub(/&/, "\\&", s)
	gsub(/</, "E<lt>", s)
	return s
}

# `word` is a word to type
function code(s,    out, n, part, i) {
	n = split(s, part, "`")
	for (i = 1; i <= n; i++)
		out = out (i % 2 ? pod(part[i]) : "C<<< " part[i] " >>>")
	return out
}

function emit(row,    how) {
	sub(/^DIAG\(/, "", row)
	sub(/\)[ \t]*$/, "", row)
	if (split_row(row) != 6) {
		print "diagnostics.awk: cannot read: " row >"/dev/stderr"
		exit failed = 1
	}
	if (!(field[4] in meaning)) {
		print "diagnostics.awk: unknown class " field[4] " of " field[2] >"/dev/stderr"
		exit failed = 1
	}
	if (!items++)
		print "=over 4\n"
	how = meaning[field[4]]
	if (field[3] != "ERROR")
		sub(/^cannot be allowed; /, "", how)
	how = tolower(field[3]) "; " how
	print "=item B<" field[2] ">\n\nI<" how ".>"
	print toupper(substr(field[5], 1, 1)) code(substr(field[5], 2)) ".\n"
	print code(field[6]) "\n"
}

function close_list() {
	if (items)
		print "=back\n"
	items = 0
}

BEGIN {
	meaning["ALLOW"] = "can be allowed with --allow"
	meaning["INPUT"] = "cannot be allowed; a decision or an input resolves it"
	meaning["FATAL"] = "cannot be allowed"
	meaning["INFO"] = "for information"
	print "=encoding utf8\n"
	print "=head1 NAME\n\nxl-passthrough-diagnostics - every finding of xl-passthrough, by its id\n"
	print "=head1 DESCRIPTION\n"
	print "Each finding of L<xl-passthrough(1)> carries an id in square brackets (the field C<id> in"
	print "JSON). Ids never change meaning; messages may. An error that can be allowed becomes a"
	print "warning with B<--allow=>I<ID>, for all devices, or with the option B<,allow=>I<ID> for one;"
	print "B<--strict> turns warnings that were not allowed by name into errors.\n"
	print "In C<xl-passthrough devices>, a device whose errors can all be resolved by a decision or an"
	print "input has the verdict I<attention>; one with any other error is I<impossible>.\n"
}

!row && /^\/\* .* \*\/$/ && !/SPDX/ {
	close_list()
	s = $0
	gsub(/^\/\* | \*\/$/, "", s)
	print "=head1 " toupper(s) "\n"
	next
}

/^DIAG\(/ { row = $0; reading = 1 }
reading && !/^DIAG\(/ { row = row " " $0 }
reading && /\)[ \t]*$/ { emit(row); row = ""; reading = 0; total++ }

END {
	if (failed)
		exit 1
	close_list()
	if (!total || reading) {
		print "diagnostics.awk: no rows, or an unfinished one" >"/dev/stderr"
		exit 1
	}
	print "=head1 SEE ALSO\n\nL<xl-passthrough(1)>, L<libxlpt(3)>\n"
}
