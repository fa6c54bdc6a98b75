/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fuzz target without the fuzzer: each file named, or in a folder named, once. */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

static unsigned long runs;

static void run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	long size;

	REQUIRE(f && !fseek(f, 0, SEEK_END));
	size = ftell(f);
	REQUIRE(size >= 0);
	rewind(f);
	data = fuzz_copy((const uint8_t *)"", 0);
	data = realloc(data, (size_t)size + 1);
	REQUIRE(data && fread(data, 1, (size_t)size, f) == (size_t)size);
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	runs++;
}

static void run_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	char file[4096];

	REQUIRE(folder);
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.') {
			snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
			run_file(file);
		}
	closedir(folder);
}

int main(int argc, char **argv)
{
	struct stat st;
	int i;

	for (i = 1; i < argc; i++) {
		REQUIRE(!stat(argv[i], &st));
		if (S_ISDIR(st.st_mode))
			run_folder(argv[i]);
		else
			run_file(argv[i]);
	}
	printf("%lu inputs\n", runs);
	return 0;
}
