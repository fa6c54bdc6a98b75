/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Long tables of strings, made of the rows of a .def file, without a pointer a
 * row: in a position-independent program each pointer is a relocation, written
 * anew at every start. The strings are the members of one struct, named by
 * their lines, and a row is the offset of its member.
 */
#ifndef XLPT_ROW_TEXT_H
#define XLPT_ROW_TEXT_H

#define ROW_TEXT_NAME(line) line_##line
#define ROW_TEXT_LINE(line) ROW_TEXT_NAME(line)
/* The member that a row of the .def file stands for: one row a line. */
#define ROW_TEXT ROW_TEXT_LINE(__LINE__)

#endif
