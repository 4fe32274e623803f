// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/array_job.h"

#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/cluster/process.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

ArrayJob job_in(const fs::path& folder) {
    return {.data = folder / "my data",
            .tasks = 8,
            .program = "/bin/echo",
            .working_folder = folder,
            .arguments = {"--poses", "8", "--config", "it's here.toml"}};
}

TEST(ArrayJob, NumbersBecomeRanges) {
    EXPECT_EQ(number_ranges({}), "");
    EXPECT_EQ(number_ranges({4}), "4");
    EXPECT_EQ(number_ranges({0, 1, 2, 3, 7, 9, 10}), "0-3,7,9-10");
}

// The shell reads a quoted text back as it was.
TEST(ArrayJob, QuotingSurvivesTheShell) {
    for (const std::string text : {"plain", "a b", "it's", "$(touch x)`y`\\\"", "", "-n\n*?"}) {
        EXPECT_EQ(run_process({"sh", "-c", "printf %s " + shell_quoted(text)}).output, text);
    }
}

// The script is run, as Slurm would run it, with a program that prints its arguments.
TEST(ArrayJob, TheScriptMakesItsPartAndNoOther) {
    const TempFolder folder;
    ArrayJob job = job_in(folder.path());
    const fs::path script = folder.path() / "job.sh";
    const auto run = [&](const std::string& environment) {
        write_file_atomically(script, script_text(job));
        const ProcessResult result =
            run_process({"sh", "-c", environment + " sh " + script.string() + " 1000"});
        EXPECT_EQ(result.errors, "");
        return result.output;
    };
    job.tasks = 2000;
    EXPECT_EQ(run("SLURM_ARRAY_TASK_ID=3 SLURM_CPUS_PER_TASK=6"),
              "generate --out " + folder.path().string() +
                  "/my data.slurm/parts/01003-of-02000 --shard 1003/2000 --threads 6 --poses 8 "
                  "--config it's here.toml\n");
    EXPECT_EQ(part_folder(job, 1003), folder.path() / "my data.slurm/parts/01003-of-02000");
    EXPECT_THAT(run("SLURM_ARRAY_TASK_ID=3"), HasSubstr("--threads 1 "));
    job.threads = 4;
    EXPECT_THAT(run("SLURM_ARRAY_TASK_ID=3 SLURM_CPUS_PER_TASK=6"), HasSubstr("--threads 4 "));
    // Outside of an array it does nothing.
    EXPECT_NE(run_process({"env", "-i", "sh", script.string(), "0"}).status, 0);
    // Another folder than the one it was submitted from does not matter; one that is gone does.
    job.working_folder = folder.path() / "gone";
    write_file_atomically(script, script_text(job));
    EXPECT_NE(
        run_process({"sh", "-c", "SLURM_ARRAY_TASK_ID=0 sh " + script.string() + " 0"}).status, 0);
}

TEST(ArrayJob, NamesTellDataSetsAndArraysApart) {
    const ArrayJob job = job_in("/a");
    ArrayJob other = job;
    other.data = "/b/my data";
    EXPECT_EQ(first_of_job_name(job, job_name(job, 2000)), 2000);
    EXPECT_EQ(first_of_job_name(other, job_name(job, 2000)), -1);
    EXPECT_EQ(first_of_job_name(job, job_name(job, 0) + "x"), -1);
    EXPECT_EQ(first_of_job_name(job, "renderih-"), -1);
}

TEST(ArrayJob, WhatFollowingDependsOnStandsAfterTheUsersOptions) {
    ArrayJob job = job_in("/a");
    job.data = "/a/50%";
    job.sbatch_options = {"--partition=cpu", "--job-name=mine"};
    EXPECT_THAT(sbatch_arguments(job, 1000, {1000, 1001, 1004}),
                ElementsAre("sbatch",
                            "--partition=cpu",
                            "--job-name=mine",
                            "--parsable",
                            "--job-name=" + job_name(job, 1000),
                            "--array=0-1,4",
                            "--output=/a/50%%.slurm/logs/1000_%a.log",
                            "--error=/a/50%%.slurm/logs/1000_%a.log",
                            "--open-mode=append",
                            "/a/50%.slurm/job.sh",
                            "1000"));
}

} // namespace
} // namespace rih
