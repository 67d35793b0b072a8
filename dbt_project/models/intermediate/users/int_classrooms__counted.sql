{{ config(materialized='ephemeral') }}

-- A property with a list of rooms has so many classrooms, perhaps none. Lists of rooms are of today and count in every
-- year.
with places as (
    select * from {{ ref('int_fm_places__listed') }}
),

rooms as (
    select
        municipality_code, property_no, room_type, delivery_id,
        coalesce(building_no, '') || '/' || coalesce(floor_name, '') || '/' || coalesce(room_no, '') as room
    from {{ ref('stg_fm_files__rooms') }}
    union all
    select
        rooms.municipality_code, places.property_no, coalesce(rooms.room_type, rooms.fm_use) as room_type,
        rooms.delivery_id, rooms.room_id as room
    from {{ ref('stg_fm_dalux__rooms') }} as rooms
    left join {{ ref('stg_fm_dalux__floors') }} as floors using (municipality_code, floor_id)
    left join places
        on
            rooms.municipality_code = places.municipality_code
            and coalesce(rooms.dalux_building_id, floors.dalux_building_id) = places.place_id
            and places.place = 'dalux building'
    union all
    select
        rooms.municipality_code, places.property_no, coalesce(rooms.room_type, rooms.main_use_name) as room_type,
        rooms.delivery_id, rooms.room_id as room
    from {{ ref('stg_fm_openmaint__rooms') }} as rooms
    left join places
        on
            rooms.municipality_code = places.municipality_code
            and rooms.openmaint_building_id = places.place_id
            and places.place = 'openmaint building'
),

counted as (
    select
        rooms.municipality_code, rooms.property_no, rooms.delivery_id,
        'N_LOKALE' as measure_code,
        count(distinct case when types.room_type is not null then rooms.room end) as users
    from rooms
    left join {{ ref('fm_room_types') }} as types on {{ fold_use('rooms.room_type') }} = types.room_type
    group by rooms.municipality_code, rooms.property_no, rooms.delivery_id
)

select * from counted
