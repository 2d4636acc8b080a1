/* SPDX-License-Identifier: Apache-2.0
 * What the server itself needs for a list of migrations: one libpq connection, one PQexec per file, nothing else.
 *
 *     PLAIN_APPLY_URL=conninfo plain_apply FILE...
 *
 * Prints the seconds between the first statement sent and the last answer; connecting and reading the files do not
 * count. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static char* contents(char const* path)
{
    FILE* file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    long const size = ftell(file);
    rewind(file);
    char* text = malloc((size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(2);
    }
    text[size] = '\0';
    fclose(file);
    return text;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void quiet(void* unused, char const* message)
{
    (void)unused;
    (void)message;
}

int main(int argc, char** argv)
{
    char const* url = getenv("PLAIN_APPLY_URL");
    PGconn* connection = PQconnectdb(url != NULL ? url : "");
    if (PQstatus(connection) != CONNECTION_OK) {
        fputs(PQerrorMessage(connection), stderr);
        return 2;
    }
    PQsetNoticeProcessor(connection, quiet, NULL);
    char** texts = calloc((size_t)argc, sizeof *texts);
    if (texts == NULL)
        return 2;
    for (int i = 1; i < argc; ++i)
        texts[i] = contents(argv[i]);

    double const start = seconds();
    for (int i = 1; i < argc; ++i) {
        PGresult* result = PQexec(connection, texts[i]);
        if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
            fprintf(stderr, "%s: %s", argv[i], PQerrorMessage(connection));
            PQclear(result);
            PQfinish(connection);
            free(texts);
            return 4;
        }
        PQclear(result);
    }
    printf("%.6f\n", seconds() - start);
    PQfinish(connection);
    free(texts);
    return 0;
}
