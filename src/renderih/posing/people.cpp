// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/people.h"

#include "renderih/base/rng.h"

namespace rih {

Person
make_person(const BatchModel& model, const std::array<ShapedHand, 2>& hands, double spacing) {
    return {hands, make_person_tables(model, hands, spacing)};
}

std::shared_ptr<const Person>
People::of_pose(std::uint64_t seed, std::uint64_t id, int population) {
    const std::uint32_t index =
        Rng(seed, id, "pose person").uniform_index(static_cast<std::uint32_t>(options_.people));
    const std::uint64_t person = (static_cast<std::uint64_t>(population) << 32) + index;
    return people_.get(std::pair(seed, person), [&] {
        const HandPair& pair = *model_.context().hands;
        Rng rng(seed, person, "person shape");
        const std::array<VecX, 2> shape = identity_.draw(options_.shape_sd, rng);
        return make_person(model_,
                           {shape_hand(pair.hands[0], shape[0], model_.context().correctives[0]),
                            shape_hand(pair.hands[1], shape[1], model_.context().correctives[1])},
                           options_.grid_spacing);
    });
}

} // namespace rih
