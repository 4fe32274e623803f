// SPDX-License-Identifier: Apache-2.0
// Marks functions that host and device compilers share. Such functions use plain structs only:
// no standard containers, no exceptions, no allocation.
#pragma once

#if defined(__CUDACC__)
#define RIH_HD __host__ __device__
#else
#define RIH_HD
#endif
