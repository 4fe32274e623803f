// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/slurm.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const ArrayJob kJob = {.data = "/data/set", .tasks = 1500, .program = {}, .working_folder = {}};

TEST(Slurm, ReadsTheTasksOfThisJobFromTheQueue) {
    const std::string mine = job_name(kJob, 0), later = job_name(kJob, 1000);
    EXPECT_THAT(tasks_in_queue("3 RUNNING " + mine + "\n" +      //
                                   "0 PENDING " + later + "\n" + //
                                   "17 COMPLETING " + mine + "\n" +
                                   "N/A RUNNING interactive\n"
                                   "4 RUNNING renderih-000000000000-0\n"
                                   "5 RUNNING two words\n"
                                   "500 RUNNING " +
                                   later + "\n" + // beyond the last task
                                   "-1 RUNNING " + mine + "\n" + "9999999999999 RUNNING " + mine +
                                   "\n\n",
                               kJob),
                ElementsAre(QueuedTask{3, true}, QueuedTask{17, true}, QueuedTask{1000, false}));
    EXPECT_THAT(tasks_in_queue("", kJob), IsEmpty());
}

TEST(Slurm, ReadsTheLargestArrayOrTakesSlurmsDefault) {
    EXPECT_EQ(max_array_size("MaxArrayCount           = 9\nMaxArraySize            = 250\nX = y\n"),
              250);
    EXPECT_EQ(max_array_size("Configuration data as of today\n"), 1001);
    EXPECT_EQ(max_array_size("MaxArraySize = 0\n"), 1001);
}

TEST(Slurm, NoIndexReachesTheLargestArray) {
    EXPECT_THAT(arrays_of({0, 1, 249, 250, 499, 750}, 250),
                ElementsAre(Pair(0, ElementsAre(0, 1, 249)),
                            Pair(250, ElementsAre(250, 499)),
                            Pair(750, ElementsAre(750))));
    EXPECT_THAT(arrays_of({}, 250), IsEmpty());
}

} // namespace
} // namespace rih
