/* The simulator's algorithm in C: two levels of LRU sets of 32-bit tags, each use moved to the front. Reads a trace, plays it
 * ROUNDS times, and prints the CPU time of a round in seconds and the accesses that each level served, by kind.
 *
 * gcc -O2 -DWAYS1=8 -DSETS1=64 -DWAYS2=16 -DSETS2=8192 -o lru lru.c && ./lru TRACE ACCESSES ROUNDS
 * TRACE: addresses (uint64, below 2^32), then sizes (int32), then kinds (uint8).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int32_t first[SETS1 * WAYS1], second[SETS2 * WAYS2];
static uint32_t served[3][3];

static inline int touch(int32_t *set, int ways, int32_t tag)
{
	int32_t moved = set[0];

	if (moved == tag)
		return 1;
	set[0] = tag;
	for (int way = 1; way < ways; way++) {
		int32_t next = set[way];

		set[way] = moved;
		if (next == tag)
			return 1;
		moved = next;
	}
	return 0;
}

static inline int touch1(uint32_t line)
{
	return touch(first + (line & (SETS1 - 1)) * WAYS1, WAYS1, (int32_t)line);
}

static inline int touch2(uint32_t line)
{
	return touch(second + (line & (SETS2 - 1)) * WAYS2, WAYS2, (int32_t)line);
}

static int lines(uint32_t address, int32_t bytes)
{
	uint32_t from = address >> 6, to = (address + bytes - 1) >> 6;
	int hit = 1;

	for (uint32_t line = from; line <= to; line++)
		hit &= touch1(line);
	if (hit)
		return 0;
	hit = 1;
	for (uint32_t line = from; line <= to; line++)
		hit &= touch2(line);
	return hit ? 1 : 2;
}

static void play(const uint64_t *addresses, const int32_t *sizes, const uint8_t *kinds, long n)
{
	for (long i = 0; i < n; i++) {
		uint32_t address = (uint32_t)addresses[i];
		int level;

		if ((address & 63) + sizes[i] > 64)
			level = lines(address, sizes[i]);
		else
			level = touch1(address >> 6) ? 0 : touch2(address >> 6) ? 1 : 2;
		served[kinds[i]][level]++;
	}
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	long n = atol(argv[2]);
	int rounds = atoi(argv[3]);
	uint64_t *addresses = malloc(n * sizeof *addresses);
	int32_t *sizes = malloc(n * sizeof *sizes);
	uint8_t *kinds = malloc(n);
	FILE *file = fopen(argv[1], "rb");

	if (!file || !addresses || !sizes || !kinds || fread(addresses, sizeof *addresses, n, file) != (size_t)n ||
	    fread(sizes, sizeof *sizes, n, file) != (size_t)n || fread(kinds, 1, n, file) != (size_t)n)
		return 1;
	memset(first, -1, sizeof first);
	memset(second, -1, sizeof second);
	play(addresses, sizes, kinds, n);
	memset(served, 0, sizeof served);
	clock_t start = clock();
	for (int round = 0; round < rounds; round++)
		play(addresses, sizes, kinds, n);
	printf("%.9f", (double)(clock() - start) / CLOCKS_PER_SEC / rounds);
	for (int kind = 0; kind < 3; kind++)
		for (int level = 0; level < 3; level++)
			printf(" %u", served[kind][level]);
	printf("\n");
	return 0;
}
