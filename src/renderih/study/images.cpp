// SPDX-License-Identifier: Apache-2.0
// Pictures of a finished data set, or any folder of pictures, held against what is published of
// photographs; and, where hands are labelled, whether each is exposed so that it can be seen.
#include "renderih/pipeline/measure_pictures.h"
#include "renderih/study/study_context.h"

#include <array>

namespace rih {

std::string study_images(const StudyContext& context) {
    const MeasuredPictures found = measure_pictures(context.options.data, context.threads);

    struct Row {
        const char* name;
        double ImageStatistics::* value;
        int digits;
        const char* published;
    };
    constexpr std::array kRows{
        Row{"slope of the power spectrum",
            &ImageStatistics::spectrum_slope,
            2,
            "2 (Field 1987); 2.4, 1.6 .. 3.0 (Tolhurst et al. 1992)"},
        Row{"kurtosis of log gradients",
            &ImageStatistics::gradient_kurtosis,
            1,
            "far above 3, about 17 (Huang and Mumford 1999)"},
        Row{"local contrast, 16 px", &ImageStatistics::local_contrast, 3, ""},
        Row{"range of local contrast, 95 %",
            &ImageStatistics::local_contrast_range,
            1,
            "somewhat over 10 (Frazor and Geisler 2006)"},
        Row{"sd of l", &ImageStatistics::sd_l, 3, "0.353 (Ruderman et al. 1998)"},
        Row{"sd of alpha", &ImageStatistics::sd_alpha, 4, "0.0732 (same)"},
        Row{"sd of beta", &ImageStatistics::sd_beta, 5, "0.00745 (same)"},
        Row{"noise, 8-bit levels", &ImageStatistics::noise_levels, 2, ""},
    };
    Table table{{"statistic", "median", "5 %", "95 %", "published"}, {}};
    for (const Row& row : kRows) {
        std::vector<double> values;
        for (const ImageStatistics& one : found.statistics) {
            values.push_back(one.*row.value);
        }
        table.rows.push_back({row.name,
                              figure(median_of(values), row.digits),
                              figure(quantile_of(values, 0.05), row.digits),
                              figure(quantile_of(values, 0.95), row.digits),
                              row.published});
    }
    std::string text = write_table(context, "images", table) +
                       fmt::format("\n{} pictures.\n", found.statistics.size());
    if (!found.exposures.empty()) {
        int hands = 0, dark = 0, bright = 0, records = 0;
        std::vector<double> burnt;
        for (const HandExposure& one : found.exposures) {
            hands += one.hands;
            dark += one.dark;
            bright += one.bright;
            records += one.dark + one.bright > 0;
            burnt.push_back(one.burnt);
        }
        text += fmt::format(
            "\nOf {} hands {} have a median under 1 % and {} over 99 % of the range, in {} records "
            "of {}. Of a record's hand pixels {} % are over 99 % (median), {} % (95th "
            "percentile).\n",
            hands,
            dark,
            bright,
            records,
            found.exposures.size(),
            figure(100 * median_of(burnt), 2),
            figure(100 * quantile_of(burnt, 0.95), 2));
    }
    return text;
}

} // namespace rih
